import type { EntityManager } from '@mikro-orm/postgresql';

/** Their rows are held, as by lockOrganization, so that no other owner leaves at the same time. */
const sql = `
select o.id, o.name from organization_members m join actors o on o.id = m.organization_id
where m.actor_id = ? and m.role = 'owner' and o.deleted_at is null
  and not exists (
    select from organization_members other
    where other.organization_id = m.organization_id and other.role = 'owner' and other.actor_id <> m.actor_id
  )
order by o.id for update of o`;

/** The organizations that have nobody else as an owner. */
export function findSoleOrganizations(
  em: EntityManager,
  actorId: string,
): Promise<{ id: string; name: string }[]> {
  return em.execute(sql, [actorId]);
}
