import type { EntityManager } from '@mikro-orm/postgresql';

export interface NewDelivery {
  id: string;
  webhookId: string;
  eventStream: string;
  eventSeq: number;
  eventType: string;
  body: string;
}

/**
 * A webhook is told of an event once, however often this runs: that is the unique key. One that is deleted
 * meanwhile is left out.
 */
const sql = `
insert into webhook_deliveries (id, webhook_id, event_stream, event_seq, event_type, body, next_attempt_at)
select n.id, w.id, n."eventStream", n."eventSeq", n."eventType", n.body, now()
from jsonb_to_recordset(?::jsonb) as n (id uuid, "webhookId" uuid, "eventStream" text, "eventSeq" bigint,
  "eventType" text, body text)
join webhooks w on w.id = n."webhookId"
order by w.id, n."eventSeq"
for key share of w
on conflict (webhook_id, event_stream, event_seq) do nothing`;

/** Queues any number of deliveries in one statement. */
export async function insertDeliveries(em: EntityManager, rows: readonly NewDelivery[]): Promise<void> {
  await em.execute(sql, [JSON.stringify(rows)], 'run');
}
