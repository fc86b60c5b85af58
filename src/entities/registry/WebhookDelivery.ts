import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text, updatedAt } from '../columns.ts';
import { Webhook } from './Webhook.ts';

/**
 * One event on its way to a webhook. The rows that are pending are the queue: a worker that sends one leases it,
 * so that it comes back should the worker die. Its id is the `webhook-id` of every attempt.
 */
export const WebhookDeliverySchema = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  indexes: [
    { name: 'webhook_deliveries_created_at_index', properties: ['webhookId', 'createdAt', 'id'] },
    {
      name: 'webhook_deliveries_due_index',
      expression: `create index "webhook_deliveries_due_index" on "webhook_deliveries" ("webhook_id", "next_attempt_at", "event_seq") where "status" = 'pending'`,
    },
    {
      name: 'webhook_deliveries_leased_index',
      expression: `create index "webhook_deliveries_leased_index" on "webhook_deliveries" ("webhook_id") where "leased_until" is not null`,
    },
  ],
  uniques: [
    { name: 'webhook_deliveries_event_unique', properties: ['webhookId', 'eventStream', 'eventSeq'] },
  ],
  checks: [
    { name: 'webhook_deliveries_attempts', expression: 'attempts >= attempts_before' },
    {
      name: 'webhook_deliveries_due',
      expression: `(status = 'pending') = (next_attempt_at is not null)`,
    },
    {
      name: 'webhook_deliveries_delivered',
      expression: `(status = 'delivered') = (delivered_at is not null)`,
    },
    {
      name: 'webhook_deliveries_failed',
      expression: `(status = 'failed') = (failure is not null)`,
    },
  ],
  properties: {
    id: id(),
    webhookId: () => p.manyToOne(Webhook).mapToPk().deleteRule('cascade'),
    eventStream: text(80),
    eventSeq: p.bigint('number'),
    eventType: text(100),
    /** What is sent, as it was written once: its UTF-8 is what is signed. */
    body: p.text(),
    status: p
      .enum(['pending', 'delivered', 'failed'] as const)
      .nativeEnumName('delivery_status')
      .default('pending'),
    /** Why it is not tried any more; see `deliveryFailures` in views/webhooks.ts. */
    failure: text(50).nullable(),
    /** Counted when an attempt begins; with it an attempt that comes late is known. */
    attempts: p.integer().default(0),
    /** Of these, attempts before it was last sent again by a person: they count no more. */
    attemptsBefore: p.integer().default(0),
    httpStatus: p.integer().nullable(),
    errorMessage: p.text().nullable(),
    nextAttemptAt: moment(),
    /** Until then it is a worker's. */
    leasedUntil: moment(),
    deliveredAt: moment(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class WebhookDelivery extends WebhookDeliverySchema.class {}
WebhookDeliverySchema.setClass(WebhookDelivery);
