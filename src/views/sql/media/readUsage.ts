import type pg from 'pg';

/**
 * Bytes that the owner of a project takes in all their projects: of uploads under way as announced, and of deleted
 * files until they are removed for good.
 */
export async function readUsage(reads: pg.Pool, projectId: string): Promise<number> {
  const { rows } = await reads.query<{ used: number }>({
    name: 'media usage',
    text: `
select coalesce(sum(m.size_bytes), 0)::float8 as used
from projects here
join projects p on p.owner_id = here.owner_id
join media_files m on m.project_id = p.id and m.bytes_removed_at is null
where here.id = $1`,
    values: [projectId],
  });
  return rows[0]?.used ?? 0;
}
