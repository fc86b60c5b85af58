import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';

/** One attempt to mail a person what they have not read. Neither the address nor the text is kept. */
export const MailDigestSchema = defineEntity({
  name: 'MailDigest',
  tableName: 'mail_digests',
  indexes: [
    { name: 'mail_digests_actor_id_created_at_index', properties: ['actorId', 'createdAt', 'id'] },
    { name: 'mail_digests_created_at_index', properties: ['createdAt'] },
  ],
  uniques: [
    {
      name: 'mail_digests_sending_unique',
      expression: `create unique index "mail_digests_sending_unique" on "mail_digests" ("actor_id") where "status" = 'sending'`,
    },
  ],
  checks: [
    { name: 'mail_digests_attempt_positive', expression: 'attempt > 0' },
    { name: 'mail_digests_sent', expression: `(status = 'sent') = (sent_at is not null)` },
    { name: 'mail_digests_failed', expression: `(status = 'failed') = (retry_at is not null)` },
  ],
  properties: {
    id: id(),
    actorId: () => p.manyToOne(Actor).mapToPk().deleteRule('cascade'),
    /** `unknown`: it was being handed over when its worker or the connection died, and is not sent again. */
    status: p
      .enum(['sending', 'sent', 'empty', 'failed', 'unknown'] as const)
      .nativeEnumName('digest_status')
      .default('sending'),
    /** How many in a row failed before it, and one. */
    attempt: p.integer(),
    /** Told of in it. */
    notificationCount: p.integer().default(0),
    errorMessage: p.text().nullable(),
    leasedUntil: p.datetime().columnType('timestamptz(3)'),
    /** Before this nothing is tried again for the person. */
    retryAt: moment(),
    sentAt: moment(),
    createdAt: createdAt(),
  },
});

export class MailDigest extends MailDigestSchema.class {}
MailDigestSchema.setClass(MailDigest);
