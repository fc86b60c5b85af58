import type pg from 'pg';

/** One person who could be told of something in a project. */
export interface RolesRow {
  policy_epoch: string;
  actor_id: string;
  roles: string[];
  visibility: 'public' | 'private';
}

/**
 * The roles of many people in one project, in one statement: what `readAccess` reads of one credential.
 * Nobody who is suspended or deleted, no organization, and no row at all when the project is deleted.
 * The subquery costs two index probes a person; a join over `casbin_rules` would have to read every
 * membership of the project however few people are asked about.
 */
const text = `
select
  (select epoch from authz_epochs where name = 'policy') as policy_epoch,
  a.id as actor_id, p.visibility,
  array(
    select r.v1 from casbin_rules r
    where r.ptype = 'g' and r.v0 = 'user:' || a.id and r.v2 in ('*', 'project:' || p.id)
    union
    select r.v1
    from organization_members m
    join actors o on o.id = m.organization_id and o.deleted_at is null and o.suspended_at is null
    join casbin_rules r on r.ptype = 'g' and r.v0 = 'user:' || m.organization_id and r.v2 = 'project:' || p.id
    where m.actor_id = a.id
  ) as roles
from actors a
join projects p on p.id = $3::uuid and p.deleted_at is null
where (a.id = any($1::uuid[]) or a.username = any($2::text[]))
  and a.deleted_at is null and a.suspended_at is null and a.actor_type = 'person'`;

/** @param who by id, by username, or both. */
export async function readRolesOf(
  reads: pg.Pool,
  who: { ids?: readonly string[]; usernames?: readonly string[] },
  projectId: string,
): Promise<RolesRow[]> {
  const values = [who.ids ?? [], who.usernames ?? [], projectId];
  const { rows } = await reads.query<RolesRow>({ name: 'read roles of', text, values });
  return rows;
}
