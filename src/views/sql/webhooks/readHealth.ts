import type pg from 'pg';
import type { WebhookHealth } from '../../webhooks.ts';

/** Deliveries counted, at most. */
const mostCounted = 1_000;

const text = `
select w.failing_since as "firstFailedAt", case when w.held_until > now() then w.held_until end as "heldUntilAt",
  case when w.previous_secret_until > now() then w.previous_secret_until end as "previousSecretEndsAt",
  (select count(*)::int from (
    select from webhook_deliveries d where d.webhook_id = w.id and d.status = 'pending' limit ${mostCounted}
  ) counted) as waiting,
  (select max(d.delivered_at) from (
    select delivered_at from webhook_deliveries d where d.webhook_id = w.id
    order by d.created_at desc, d.id desc limit ${mostCounted}
  ) d) as "lastDeliveredAt"
from webhooks w where w.id = $1 and w.project_id = $2`;

/** How a webhook fares; undefined when the project has none of this id. */
export async function readHealth(
  reads: pg.Pool,
  of: { projectId: string; webhookId: string },
): Promise<WebhookHealth | undefined> {
  const values = [of.webhookId, of.projectId];
  return (await reads.query<WebhookHealth>({ name: 'read webhook health', text, values })).rows[0];
}
