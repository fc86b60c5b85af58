import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text } from '../columns.ts';
import { Actor } from './Actor.ts';

/** A link that works once: to verify an address, to reset a password, or to make the first administrator. */
export const EmailTokenSchema = defineEntity({
  name: 'EmailToken',
  tableName: 'email_tokens',
  properties: {
    id: id(),
    actorId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('cascade').index(),
    kind: p.enum(['verify', 'reset', 'setup'] as const).nativeEnumName('email_token_kind'),
    tokenHash: p.blob().unique('email_tokens_token_hash_unique').hidden(),
    email: text(255).nullable(),
    expiresAt: p.datetime().columnType('timestamptz(3)'),
    usedAt: moment(),
    createdAt: createdAt(),
  },
});

export class EmailToken extends EmailTokenSchema.class {
  /** Whether the link still works at `now`. */
  isUsable(now: Date): boolean {
    return !this.usedAt && this.expiresAt > now;
  }
}
EmailTokenSchema.setClass(EmailToken);
