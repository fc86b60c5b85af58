import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

/** A sort of project, and the roles that somebody holds in one of it beside those held everywhere. */
export interface Place {
  state: 'live' | 'deleted';
  visibility: 'public' | 'private';
  /** With their prefix, in person or through an organization; none in a project of which they are no member. */
  roles: string[];
}

/** People who hold the same: everywhere, and in the sorts of projects that there are for them. */
export interface Profile {
  everywhere: string[];
  places: Place[];
  people: number;
  /** Of the people, as many ids as a page shows. */
  ids: string[];
}

/** People of a profile that are named. */
export const mostNamed = 20;

/**
 * Every active person counts in one profile. Of the projects that somebody is no member of it is enough to
 * know that there is one of each sort: there they all are the same to them. Asking for each person and
 * project what they may do would be their product.
 */
const sql = `
with people as materialized (
  select id, 'user:' || id as subject
  from actors
  where actor_type = 'person' and deleted_at is null and suspended_at is null
), everywhere as (
  select p.id, array_agg(r.v1 order by r.v1) as roles
  from people p
  join casbin_rules r on r.ptype = $1 and r.v0 = p.subject and r.v2 = '*'
  group by p.id
), granted as (
  select p.id, r.v2 as domain, r.v1 as role
  from people p
  join casbin_rules r on r.ptype = $1 and r.v0 = p.subject and r.v2 <> '*'
  where $2::boolean
  union
  select p.id, r.v2, r.v1
  from organization_members m
  join people p on p.id = m.actor_id
  join actors o on o.id = m.organization_id and o.deleted_at is null and o.suspended_at is null
  join casbin_rules r on r.ptype = $1 and r.v0 = 'user:' || o.id and r.v2 <> '*'
  where $2::boolean
), sorts as (
  select id, 'project:' || id as domain,
    case when deleted_at is null then 'live ' else 'deleted ' end || visibility as sort
  from projects
  where $2::boolean
), places as (
  select g.id, s.sort, string_agg(g.role, ',' order by g.role) as roles
  from granted g
  join sorts s on s.domain = g.domain
  group by g.id, s.domain, s.sort
), totals as (
  select sort, count(*) as projects from sorts group by sort
), known as (
  select id, sort, count(*) as projects from places group by id, sort
), situations as (
  select id, sort || ' ' || roles as situation from places
  union
  select p.id, t.sort || ' '
  from people p
  cross join totals t
  left join known k on k.id = p.id and k.sort = t.sort
  where coalesce(k.projects, 0) < t.projects
), profiles as (
  select p.id, coalesce(e.roles, '{}') as everywhere,
    coalesce(array_agg(s.situation order by s.situation) filter (where s.id is not null), '{}') as situations
  from people p
  left join everywhere e on e.id = p.id
  left join situations s on s.id = p.id
  group by p.id, e.roles
)
select everywhere, situations, count(*)::int as people, (array_agg(id order by id))[1:${mostNamed}] as ids
from profiles
group by everywhere, situations`;

function parse(text: string): Place {
  const [state, visibility, roles = ''] = text.split(' ');
  return {
    state: state as Place['state'],
    visibility: visibility as Place['visibility'],
    roles: roles === '' ? [] : roles.split(','),
  };
}

/**
 * What active people hold anywhere, those who hold the same counted together.
 *
 * Everything is joined with everything, once: by hashes that takes 7 s of processor time for 1.5 million
 * memberships. Nested loops, which the planner takes before the first ANALYZE, do not end in ten minutes.
 *
 * @param options.inProjects whether what they hold in projects matters; if not, no place is told
 */
export async function readProfiles(
  em: EntityManager,
  { inProjects }: { inProjects: boolean },
): Promise<Profile[]> {
  await em.execute('set local enable_nestloop = off');
  const rows = await executePrepared<{
    everywhere: string[];
    situations: string[];
    people: number;
    ids: string[];
  }>(em, sql, ['g', inProjects]);
  return rows.map(({ everywhere, situations, people, ids }) => ({
    everywhere,
    places: situations.map(parse),
    people,
    ids,
  }));
}
