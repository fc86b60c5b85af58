import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
select pg_advisory_xact_lock(hashtextextended('project:' || owned.project_id, 0))
from (
  select m.project_id from project_members m join roles r on r.id = m.role_id and r.name = 'owner'
  where m.actor_id = ? order by m.project_id
) owned`;

/** Takes the lock under which the members of a project change, for every project that the actor is an owner of. */
export async function lockOwnedProjects(em: EntityManager, actorId: string): Promise<void> {
  await em.execute(sql, [actorId]);
}
