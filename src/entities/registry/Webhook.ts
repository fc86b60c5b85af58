import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text, updatedAt } from '../columns.ts';
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
  checks: [{ name: 'webhooks_some_event', expression: 'cardinality(events) >= 1' }],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    url: text(255),
    /** Types of events, or `*` alone for all. */
    events: p.array().columnType('text[]'),
    active: p.boolean().default(true),
    description: p.text().default(''),
    /** As SecretBox writes it: `whsec_` and 32 random bytes in base64. */
    sealedSecret: p.text().hidden(),
    createdBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class Webhook extends WebhookSchema.class {}
WebhookSchema.setClass(Webhook);
