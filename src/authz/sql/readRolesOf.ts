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
 *
 * The rules of all of them, and of their organizations, are fetched at once. A subquery for each person was
 * rejected: before the first ANALYZE after many joined a project, the planner finds each by reading all of
 * its members, 1.7 s for a thousand people instead of 0.04 s.
 */
const text = `
with who as materialized (
  select a.id, 'user:' || a.id as subject
  from actors a
  where (a.id = any($1::uuid[]) or a.username = any($2::text[]))
    and a.deleted_at is null and a.suspended_at is null and a.actor_type = 'person'
), through as materialized (
  select m.actor_id, 'user:' || o.id as subject
  from organization_members m
  join actors o on o.id = m.organization_id and o.deleted_at is null and o.suspended_at is null
  where m.actor_id = any(array(select id from who))
), held as materialized (
  select r.v0 as subject, r.v1 as role, r.v2 as domain
  from casbin_rules r
  where r.ptype = 'g' and r.v2 in ('*', 'project:' || $3::uuid)
    and r.v0 = any(array(select subject from who union select subject from through))
), granted as (
  select w.id, h.role from who w join held h on h.subject = w.subject
  union
  select t.actor_id, h.role from through t join held h on h.subject = t.subject and h.domain <> '*'
)
select
  (select epoch from authz_epochs where name = 'policy') as policy_epoch,
  w.id as actor_id, p.visibility,
  coalesce(array_agg(g.role) filter (where g.role is not null), '{}') as roles
from who w
join projects p on p.id = $3::uuid and p.deleted_at is null
left join granted g on g.id = w.id
group by w.id, p.visibility`;

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
