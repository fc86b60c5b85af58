import type pg from 'pg';
import type { MemberView } from '../projects.ts';
import type { Position } from '../paging.ts';

const text = `
select m.project_id, m.added_at, r.name as role, a.id, a.username, a.name, a.actor_type
from project_members m
join actors a on a.id = m.actor_id
join roles r on r.id = m.role_id
where m.project_id = $1 and ($2::timestamptz is null or (m.added_at, m.actor_id) > ($2::timestamptz, $3::uuid))
order by m.added_at, m.actor_id
limit $4`;

interface Row {
  project_id: string;
  added_at: Date;
  role: string;
  id: string;
  username: string;
  name: string;
  actor_type: 'person' | 'organization';
}

/** Members in the order they were added. */
export async function listMembers(
  reads: pg.Pool,
  projectId: string,
  after: Position | null,
  limit: number,
): Promise<MemberView[]> {
  const { rows } = await reads.query<Row>({
    name: 'list members',
    text,
    values: [projectId, after?.createdAt ?? null, after?.id ?? null, limit],
  });
  return rows.map((row) => ({
    projectId: row.project_id,
    actor: { id: row.id, username: row.username, name: row.name, actorType: row.actor_type },
    role: row.role,
    addedAt: row.added_at,
  }));
}
