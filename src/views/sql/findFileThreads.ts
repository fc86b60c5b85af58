import type pg from 'pg';

/** All of them, not a page: ids are small, and a file with thousands of threads is none that anyone reads. */
const text = `
select coalesce((select seq from streams where stream = 'project:' || $1::uuid), 0)::float8 as seq,
  array(select id from comment_threads where project_id = $1 and file_path = $2 and deleted_at is null) as thread_ids`;

/** Ids of the threads that stand in a file, and the seq that the project's stream has reached with them. */
export async function findFileThreads(
  reads: pg.Pool | pg.ClientBase,
  projectId: string,
  filePath: string,
): Promise<{ seq: number; threadIds: string[] }> {
  const { rows } = await reads.query<{ seq: number; thread_ids: string[] }>({
    name: 'find threads of a file',
    text,
    values: [projectId, filePath],
  });
  return { seq: rows[0]?.seq ?? 0, threadIds: rows[0]?.thread_ids ?? [] };
}
