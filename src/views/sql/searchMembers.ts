import type pg from 'pg';
import type { ActorRef } from '../identity.ts';
import { escapeLike } from './escapeLike.ts';

/** From the members on, who are few, and not from all people. */
const text = `
with people as (
  select actor_id as id from project_members where project_id = $1
  union
  select o.actor_id from project_members m
  join organization_members o on o.organization_id = m.actor_id
  join actors a on a.id = m.actor_id and a.deleted_at is null and a.suspended_at is null
  where m.project_id = $1
)
select a.id, a.username, a.name, a.actor_type as "actorType"
from people
join actors a on a.id = people.id
where a.actor_type = 'person' and a.deleted_at is null and a.suspended_at is null
  and (a.username like $2 or lower(a.name) like $2 or lower(a.name) like '% ' || $2)
order by a.username <> $3, not a.username like $2, length(a.username), a.username
limit $4`;

/**
 * Active people of a project, in person or through an organization, whose username or a word of whose name
 * begins with `beginning`, in any case; who is named exactly so comes first.
 */
export async function searchMembers(
  reads: pg.Pool,
  of: { projectId: string; beginning: string; limit: number },
): Promise<ActorRef[]> {
  const wanted = of.beginning.toLowerCase();
  const values = [of.projectId, `${escapeLike(wanted)}%`, wanted, of.limit];
  return (await reads.query<ActorRef>({ name: 'search members', text, values })).rows;
}
