import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text, updatedAt } from '../columns.ts';
import { Webhook } from './Webhook.ts';

/** One event on its way to a webhook; a further attempt is counted in the same row. */
export const WebhookDeliverySchema = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  indexes: [
    { name: 'webhook_deliveries_created_at_index', properties: ['webhookId', 'createdAt', 'id'] },
    {
      name: 'webhook_deliveries_due_index',
      expression: `create index "webhook_deliveries_due_index" on "webhook_deliveries" ("next_attempt_at") where "status" = 'pending'`,
    },
  ],
  uniques: [
    { name: 'webhook_deliveries_event_unique', properties: ['webhookId', 'eventStream', 'eventSeq'] },
  ],
  checks: [
    { name: 'webhook_deliveries_attempts', expression: 'attempts >= 0' },
    {
      name: 'webhook_deliveries_due',
      expression: `(status = 'pending') = (next_attempt_at is not null)`,
    },
    {
      name: 'webhook_deliveries_delivered',
      expression: `(status = 'delivered') = (delivered_at is not null)`,
    },
  ],
  properties: {
    id: id(),
    webhookId: () => p.manyToOne(Webhook).mapToPk().deleteRule('cascade'),
    eventStream: text(80),
    eventSeq: p.bigint('number'),
    eventType: text(100),
    payload: p.json().$type<Record<string, unknown>>(),
    status: p
      .enum(['pending', 'delivered', 'failed'] as const)
      .nativeEnumName('delivery_status')
      .default('pending'),
    attempts: p.integer().default(0),
    httpStatus: p.integer().nullable(),
    responseBody: p.text().nullable(),
    errorMessage: p.text().nullable(),
    nextAttemptAt: moment(),
    deliveredAt: moment(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class WebhookDelivery extends WebhookDeliverySchema.class {}
WebhookDeliverySchema.setClass(WebhookDelivery);
