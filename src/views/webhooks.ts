import { z } from 'zod';
import { moment, uuid } from './columns.ts';

/**
 * Why a delivery is not tried any more: `exhausted` (every attempt failed), `gone` (the receiver answered 410),
 * `disabled` (the webhook was switched off while it waited), `forbidden` (who is responsible for the webhook may
 * not read the event; it was not sent).
 */
export const deliveryFailures = ['exhausted', 'gone', 'disabled', 'forbidden'] as const;
export type DeliveryFailure = (typeof deliveryFailures)[number];

export const deliveryStatuses = ['pending', 'delivered', 'failed'] as const;

/** One event on its way to a webhook. */
export const deliveryView = z.object({
  /** The `webhook-id` of every attempt. */
  id: uuid,
  webhookId: uuid,
  eventType: z.string(),
  /** Of the event in its project's stream; null: of a ping, which is in none. */
  seq: z.number().nullable(),
  status: z.enum(deliveryStatuses),
  failure: z.enum(deliveryFailures).nullable(),
  attempts: z.number(),
  /** Of the last attempt; null: there was no answer. */
  httpStatus: z.number().nullable(),
  errorMessage: z.string().nullable(),
  nextAttemptAt: moment.nullable(),
  deliveredAt: moment.nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type DeliveryView = z.infer<typeof deliveryView>;

/** One attempt; without a duration it is under way, or its worker ended before it could tell. */
export interface AttemptView {
  number: number;
  durationMs: number | null;
  httpStatus: number | null;
  errorMessage: string | null;
  /** The beginning of the answer, as plain text. */
  responseBody: string | null;
  createdAt: Date;
}

/** How a webhook fares, as far as it is no setting of anybody's. */
export interface WebhookHealth {
  /** The first failure since the last success; null: the last attempt succeeded, or there was none. */
  firstFailedAt: Date | null;
  /** Of its last thousand deliveries. */
  lastDeliveredAt: Date | null;
  /** The receiver asked to be left alone until then. */
  heldUntilAt: Date | null;
  /** Until then the secret before the last rotation signs besides. */
  previousSecretEndsAt: Date | null;
  /** Deliveries that wait, counted up to a thousand. */
  waiting: number;
}
