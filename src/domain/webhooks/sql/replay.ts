import type { EntityManager } from '@mikro-orm/postgresql';

const again = `
update webhook_deliveries
set status = 'pending', failure = null, delivered_at = null, attempts_before = attempts, next_attempt_at = now(),
  updated_at = now()`;

const one = `${again} where webhook_id = ? and id = ?`;

/** Walks webhook_deliveries_created_at_index. */
const failed = `${again} where id in (
  select id from webhook_deliveries
  where webhook_id = ? and status = 'failed' and created_at >= ?::timestamptz and event_type <> 'webhook.ping'
  order by created_at, id limit ?
)`;

/** @returns how many are sent again: one, or none where there is no such delivery. */
export async function replayOne(em: EntityManager, webhookId: string, deliveryId: string): Promise<number> {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(one, [webhookId, deliveryId], 'run');
  return affectedRows;
}

/** @returns how many are sent again. */
export async function replayFailed(
  em: EntityManager,
  webhookId: string,
  since: Date,
  limit: number,
): Promise<number> {
  const values = [webhookId, since.toISOString(), limit];
  const { affectedRows } = await em.execute<{ affectedRows: number }>(failed, values, 'run');
  return affectedRows;
}
