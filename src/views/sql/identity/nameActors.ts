import type pg from 'pg';
import type { ActorRef } from '../../identity.ts';

const text = `
select id, username, name, actor_type as "actorType" from actors where id = any($1::uuid[])`;

/** People and organizations by their ids, as others name them; deleted ones too, by what they are called since. */
export async function nameActors(reads: pg.Pool, ids: readonly string[]): Promise<ActorRef[]> {
  return (await reads.query<ActorRef>({ name: 'name actors', text, values: [ids] })).rows;
}
