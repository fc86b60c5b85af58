import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { ActorRef } from '../../../views/identity.ts';

const sql = `
select id, username, name, actor_type as "actorType" from actors where id = any($1::uuid[])`;

/** Names of actors, by their ids. */
export async function readActorRefs(
  em: EntityManager,
  ids: readonly string[],
): Promise<Map<string, ActorRef>> {
  if (ids.length === 0) return new Map();
  const rows = await executePrepared<ActorRef>(em, sql, [[...new Set(ids)]]);
  return new Map(rows.map((row) => [row.id, row]));
}
