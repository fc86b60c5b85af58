import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
select actor_id as "actorId", type from notification_preferences
where actor_id = any(?::uuid[]) and not is_enabled`;

/** Which types of notification these people do not want. */
export async function findDisabled(
  em: EntityManager,
  actorIds: readonly string[],
): Promise<{ actorId: string; type: string }[]> {
  return actorIds.length === 0 ? [] : em.execute(sql, [`{${actorIds.join(',')}}`]);
}
