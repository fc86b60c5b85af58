import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';

/** An address outside that wants to be told of events of the project. Its secret signs what is sent there. */
export const WebhookSchema = defineEntity({
  name: 'Webhook',
  tableName: 'webhooks',
  indexes: [
    { name: 'webhooks_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    {
      name: 'webhooks_active_index',
      expression: 'create index "webhooks_active_index" on "webhooks" ("project_id") where "active"',
    },
  ],
  checks: [
    { name: 'webhooks_some_event', expression: 'cardinality(events) >= 1' },
    {
      name: 'webhooks_previous_secret',
      expression: '(previous_sealed_secret is null) = (previous_secret_until is null)',
    },
    { name: 'webhooks_disabled', expression: 'disabled_reason is null or not active' },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    url: text(255),
    /** Types of events; `issue.*` stands for all of a noun, `*` alone for all there are. */
    events: p.array().columnType('text[]'),
    active: p.boolean().default(true),
    description: p.text().default(''),
    /** As SecretBox writes it: `whsec_` and 32 random bytes in base64. */
    sealedSecret: p.text().hidden(),
    /** The secret before the last rotation, which signs besides until then. */
    previousSealedSecret: p.text().hidden().nullable(),
    previousSecretUntil: moment(),
    /** Who said last where it goes and what it wants: it is told only what they may read. */
    responsibleId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    /** Events from then on are sent. */
    activeSince: p.datetime().columnType('timestamptz(3)').defaultRaw('now()'),
    /** Why it was switched off by itself: the address is gone for good, or failed for days. */
    disabledReason: p
      .enum(['gone', 'failing'] as const)
      .nativeEnumName('webhook_fault')
      .nullable(),
    /** The first failure since the last success. */
    failingSince: moment(),
    /** Nothing is sent before then: the receiver asked for that. */
    heldUntil: moment(),
    createdBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class Webhook extends WebhookSchema.class {}
WebhookSchema.setClass(Webhook);
