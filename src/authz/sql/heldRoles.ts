/** A role that somebody was given, and by which way they have it. Names without the prefix `role:`. */
export interface HeldRole {
  role: string;
  /** Held everywhere, and not in this project alone. */
  isEverywhere: boolean;
  /** The organization through which they have it; null: in person. */
  organization: { id: string; username: string; name: string } | null;
}

/**
 * CTEs that end in `given (actor_id, roles)`: of every actor in the CTE `who (id)`, the roles given to them
 * in the project and everywhere, as a JSON array of `HeldRole`. The same rules that `readAccess` reads,
 * fetched at once for all of them as in `readRolesOf`; `project` is a parameter, whose value may be null.
 */
export const givenRoles = (project: string) => `
subjects as materialized (
  select id as actor_id, 'user:' || id as subject, null::uuid as organization_id from who
  union all
  select m.actor_id, 'user:' || o.id, o.id
  from organization_members m
  join actors o on o.id = m.organization_id and o.deleted_at is null and o.suspended_at is null
  where m.actor_id = any(array(select id from who))
), rules as materialized (
  select r.v0, r.v1, r.v2 from casbin_rules r
  where r.ptype = 'g' and r.v0 = any(array(select subject from subjects))
    and r.v2 in ('*', 'project:' || ${project}::uuid)
), given as (
  select s.actor_id, jsonb_agg(
    jsonb_build_object(
      'role', substring(r.v1 from 6),
      'isEverywhere', r.v2 = '*',
      'organization',
        case when o.id is not null then jsonb_build_object('id', o.id, 'username', o.username, 'name', o.name) end
    ) order by o.id is not null, r.v2 desc, r.v1, o.username
  ) as roles
  from subjects s
  join rules r on r.v0 = s.subject and (s.organization_id is null or r.v2 <> '*')
  left join actors o on o.id = s.organization_id
  group by s.actor_id
)`;
