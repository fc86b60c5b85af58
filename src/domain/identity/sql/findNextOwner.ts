import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
select m.actor_id as "actorId" from project_members m
join roles r on r.id = m.role_id and r.name = 'owner'
join actors a on a.id = m.actor_id and a.deleted_at is null
where m.project_id = ? and m.actor_id <> ?
order by m.added_at, m.actor_id limit 1`;

/** Who has been an owner of a project for longest, besides one; undefined when there is nobody. */
export async function findNextOwner(
  em: EntityManager,
  of: { projectId: string; except: string },
): Promise<string | undefined> {
  const rows: { actorId: string }[] = await em.execute(sql, [of.projectId, of.except]);
  return rows[0]?.actorId;
}
