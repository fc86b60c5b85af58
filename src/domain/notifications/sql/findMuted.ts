import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
select thread_id as "threadId", jsonb_agg(actor_id) as "actorIds"
from thread_subscriptions where thread_id = any(?::uuid[]) and state = 'muted' group by thread_id`;

/** Who wants to hear nothing of these threads. */
export async function findMuted(
  em: EntityManager,
  threadIds: readonly string[],
): Promise<{ threadId: string; actorIds: string[] }[]> {
  return threadIds.length === 0 ? [] : em.execute(sql, [`{${threadIds.join(',')}}`]);
}
