import type { EntityManager } from '@mikro-orm/postgresql';

/** By plain SQL: there may be very many, and one record in the audit log tells of all of them. */
const sql = `
update webhook_deliveries
set status = 'failed', failure = 'disabled', next_attempt_at = null, leased_until = null, updated_at = now()
where webhook_id = ? and status = 'pending'`;

/** Gives up what waits for a webhook that is switched off; it can be replayed. */
export async function failPending(em: EntityManager, webhookId: string): Promise<void> {
  await em.execute(sql, [webhookId], 'run');
}
