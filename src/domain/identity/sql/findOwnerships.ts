import type { EntityManager } from '@mikro-orm/postgresql';

/** A project that an actor belongs to. */
export interface Ownership {
  projectId: string;
  name: string;
  isDeleted: boolean;
  /** Whether nobody else could act as its owner. */
  isAlone: boolean;
}

const sql = `
select m.project_id as "projectId", p.name, p.deleted_at is not null as "isDeleted",
  r.name = 'owner' and not exists (
    select from project_members other
    join actors a on a.id = other.actor_id and a.deleted_at is null
    where other.project_id = m.project_id and other.role_id = m.role_id and other.actor_id <> m.actor_id
  ) as "isAlone"
from project_members m join projects p on p.id = m.project_id join roles r on r.id = m.role_id
where m.actor_id = ? order by m.project_id`;

/** Every project that an actor is a member of, deleted ones too. The caller holds their locks: see lockOwnedProjects. */
export function findOwnerships(em: EntityManager, actorId: string): Promise<Ownership[]> {
  return em.execute(sql, [actorId]);
}
