import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
select count(*)::int as count
from project_members m
join roles r on r.id = m.role_id and r.name = 'owner'
join projects p on p.id = m.project_id and p.deleted_at is null
where m.actor_id = ?
  and not exists (
    select from project_members other
    join actors a on a.id = other.actor_id and a.deleted_at is null
    where other.project_id = m.project_id and other.role_id = m.role_id and other.actor_id <> m.actor_id
  )`;

/** How many projects have this actor as their only owner. */
export async function countProjectsOwnedAlone(em: EntityManager, actorId: string): Promise<number> {
  const rows: { count: number }[] = await em.execute(sql, [actorId]);
  return rows[0]?.count ?? 0;
}
