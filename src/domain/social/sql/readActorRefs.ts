import type { EntityManager } from '@mikro-orm/postgresql';
import type { ActorRef } from '../../../views/identity.ts';

const sql = `
select id, username, name, actor_type as "actorType" from actors where id = any(?::uuid[])`;

/** Actors as others see them, by id; also those who are gone. */
export async function readActorRefs(
  em: EntityManager,
  ids: readonly (string | null | undefined)[],
): Promise<Map<string, ActorRef>> {
  const wanted = [...new Set(ids)].filter((id) => typeof id === 'string');
  if (wanted.length === 0) return new Map();
  const rows: ActorRef[] = await em.execute(sql, [`{${wanted.join(',')}}`]);
  return new Map(rows.map((row) => [row.id, row]));
}
