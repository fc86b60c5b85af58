import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from '../columns.ts';
import { WebhookDelivery } from './WebhookDelivery.ts';

/** One attempt at a delivery, written when it begins: without a duration it is under way, or its worker died. */
export const WebhookAttemptSchema = defineEntity({
  name: 'WebhookAttempt',
  tableName: 'webhook_attempts',
  uniques: [{ name: 'webhook_attempts_number_unique', properties: ['deliveryId', 'number'] }],
  properties: {
    id: id(),
    deliveryId: () => p.manyToOne(WebhookDelivery).mapToPk().deleteRule('cascade'),
    /** 1, 2, 3… */
    number: p.integer(),
    durationMs: p.integer().nullable(),
    /** What the receiver answered; null when nothing came. */
    httpStatus: p.integer().nullable(),
    errorMessage: p.text().nullable(),
    /** The beginning of the answer, as plain text. */
    responseBody: p.text().nullable(),
    createdAt: createdAt(),
  },
});

export class WebhookAttempt extends WebhookAttemptSchema.class {}
WebhookAttemptSchema.setClass(WebhookAttempt);
