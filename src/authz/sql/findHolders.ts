import type pg from 'pg';
import { after } from '../../views/sql/keyset.ts';
import type { Position } from '../../views/paging.ts';
import { type HeldRole, givenRoles } from './heldRoles.ts';
import { idIn } from './idIn.ts';

/** An active person and the roles given to them. */
export interface HolderRow extends Position {
  username: string;
  name: string;
  actorType: 'person';
  given: HeldRole[];
}

export interface HolderFilter {
  /** null: only roles held everywhere count. */
  projectId: string | null;
  /** Roles with their prefix: who holds one of these … */
  grants: readonly string[];
  /** … and none of these. */
  denies: readonly string[];
  after: Position | null;
  limit: number;
}

const actor = idIn('v0', 'user');

/** Actors who hold one of the roles there, in person or through an organization that acts. */
const holders = (name: string, roles: string) => `
${name}_rules as materialized (
  select ${actor.id} as id, v2 from casbin_rules
  where ptype = 'g' and v2 in ('*', 'project:' || $1::uuid) and v1 = any(${roles}::text[]) and ${actor.isThere}
), ${name} as materialized (
  select id from ${name}_rules
  union
  select m.actor_id
  from ${name}_rules r
  join actors o on o.id = r.id and o.actor_type = 'organization' and o.deleted_at is null and o.suspended_at is null
  join organization_members m on m.organization_id = o.id
  where r.v2 <> '*'
)`;

/**
 * One page of the people who may, decided by the roles that decide and never by reading everybody's: index
 * (ptype, v2, v1) finds the rules of the project, so it costs what the project has and not what there is.
 * Walking all actors in order, with a probe for each, was rejected: where few may, it reads everyone.
 */
const text = `
with ${holders('granted', '$2')}, ${holders('denied', '$3')}, who as materialized (
  select a.id, a.username, a.name, a.actor_type as "actorType", a.created_at as "createdAt"
  from granted c
  join actors a on a.id = c.id
  where a.actor_type = 'person' and a.deleted_at is null and a.suspended_at is null
    and not exists (select from denied d where d.id = a.id)
    and (a.created_at, a.id) > ($4::timestamptz, $5::uuid)
  order by a.created_at, a.id
  limit $6
), ${givenRoles('$1')}
select w.*, coalesce(g.roles, '[]') as given
from who w left join given g on g.actor_id = w.id
order by w."createdAt", w.id`;

/** Active people in the order in which they joined. */
export async function findHolders(reads: pg.Pool, filter: HolderFilter): Promise<HolderRow[]> {
  const { projectId, grants, denies, limit } = filter;
  const values = [projectId, grants, denies, ...after(filter.after), limit];
  const { rows } = await reads.query<HolderRow>({ name: 'find holders', text, values });
  return rows;
}
