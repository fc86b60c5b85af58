import type pg from 'pg';
import type { AttemptView, DeliveryView } from '../../webhooks.ts';
import { deliveryColumns } from './deliveryColumns.ts';

export interface DeliveryKey {
  projectId: string;
  webhookId: string;
  deliveryId: string;
}

/** One delivery, whole. */
export interface FoundDelivery {
  delivery: DeliveryView;
  /** As it is sent. */
  body: string;
  /** Newest first; the newest hundred, should it have been replayed very often. */
  tries: AttemptView[];
}

/** A row for each attempt; in one statement, so that the delivery and its attempts tell of the same instant. */
const text = `
select ${deliveryColumns}, d.body, a.number, a.duration_ms as "durationMs", a.http_status as "tryStatus",
  a.error_message as "tryError", a.response_body as "responseBody", a.created_at as "tryAt"
from webhook_deliveries d join webhooks w on w.id = d.webhook_id
left join webhook_attempts a on a.delivery_id = d.id
where d.id = $1 and d.webhook_id = $2 and w.project_id = $3
order by a.number desc limit 100`;

interface Row extends DeliveryView {
  body: string;
  /** Null in the only row of a delivery without attempts. */
  number: number | null;
  durationMs: number | null;
  tryStatus: number | null;
  tryError: string | null;
  responseBody: string | null;
  tryAt: Date;
}

/** One delivery with its attempts; undefined when the webhook has none of this id. */
export async function readDelivery(
  reads: pg.Pool,
  { deliveryId, webhookId, projectId }: DeliveryKey,
): Promise<FoundDelivery | undefined> {
  const values = [deliveryId, webhookId, projectId];
  const { rows } = await reads.query<Row>({ name: 'read delivery', text, values });
  const [first] = rows;
  if (!first) return undefined;
  const {
    body,
    number: _n,
    durationMs: _d,
    tryStatus: _s,
    tryError: _e,
    responseBody: _r,
    tryAt: _a,
    ...delivery
  } = first;
  return { delivery, body, tries: rows.flatMap(toAttempt) };
}

function toAttempt({ number, durationMs, tryStatus, tryError, responseBody, tryAt }: Row): AttemptView[] {
  if (number === null) return [];
  return [
    { number, durationMs, httpStatus: tryStatus, errorMessage: tryError, responseBody, createdAt: tryAt },
  ];
}
