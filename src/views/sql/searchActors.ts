import type pg from 'pg';
import type { ActorRef } from '../identity.ts';
import { escapeLike } from './escapeLike.ts';

/** Who is named exactly so comes first, then shorter usernames. */
const text = `
select id, username, name, actor_type as "actorType"
from actors
where deleted_at is null and suspended_at is null
  and (username like $1 or lower(name) like $1)
order by username <> $2, length(username), username
limit $3`;

/** Active people and organizations whose username or name begins with `beginning`, in any case. */
export async function searchActors(reads: pg.Pool, beginning: string, limit: number): Promise<ActorRef[]> {
  const wanted = beginning.toLowerCase();
  const { rows } = await reads.query<ActorRef>({
    name: 'search actors',
    text,
    values: [`${escapeLike(wanted)}%`, wanted, limit],
  });
  return rows;
}
