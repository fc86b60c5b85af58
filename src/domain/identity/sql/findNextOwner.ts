import type { EntityManager } from '@mikro-orm/postgresql';
import type { ActorRef } from '../../../views/identity.ts';

const sql = `
select a.id, a.name, a.username, a.actor_type as "actorType" from project_members m
join roles r on r.id = m.role_id and r.name = 'owner'
join actors a on a.id = m.actor_id and a.deleted_at is null
where m.project_id = ? and m.actor_id <> ?
order by m.added_at, m.actor_id limit 1`;

/** Who has been an owner of a project for longest, besides one; undefined when there is nobody. */
export async function findNextOwner(
  em: EntityManager,
  of: { projectId: string; except: string },
): Promise<ActorRef | undefined> {
  const rows: ActorRef[] = await em.execute(sql, [of.projectId, of.except]);
  return rows[0];
}
