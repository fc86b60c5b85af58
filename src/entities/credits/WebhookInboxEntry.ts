import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text } from '../columns.ts';

/** What a provider of payments sent, kept as it came; each message is taken in once and then worked off. */
export const WebhookInboxEntrySchema = defineEntity({
  name: 'WebhookInboxEntry',
  tableName: 'webhook_inbox',
  indexes: [
    {
      name: 'webhook_inbox_waiting_index',
      expression:
        'create index "webhook_inbox_waiting_index" on "webhook_inbox" ("created_at") where "processed_at" is null',
    },
  ],
  uniques: [{ name: 'webhook_inbox_message_unique', properties: ['provider', 'webhookId'] }],
  checks: [{ name: 'webhook_inbox_attempts_not_negative', expression: 'attempts >= 0' }],
  properties: {
    id: id(),
    provider: text(50),
    /** The header `webhook-id`. */
    webhookId: text(255),
    eventType: text(100),
    payload: p.json().$type<Record<string, unknown>>(),
    attempts: p.integer().default(0),
    errorMessage: p.text().nullable(),
    processedAt: moment(),
    createdAt: createdAt(),
  },
});

export class WebhookInboxEntry extends WebhookInboxEntrySchema.class {}
WebhookInboxEntrySchema.setClass(WebhookInboxEntry);
