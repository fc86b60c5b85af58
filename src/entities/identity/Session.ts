import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text } from '../columns.ts';
import { Actor } from './Actor.ts';

/** A signed-in device. The token is opaque; only its SHA-256 is stored. */
export const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: id(),
    userId: () => p.manyToOne(Actor).mapToPk().deleteRule('cascade').index(),
    tokenHash: p.blob().unique('sessions_token_hash_unique').hidden(),
    userAgent: text(500).nullable(),
    ipAddress: text(45).nullable(),
    createdAt: createdAt(),
    lastSeen: p
      .datetime()
      .columnType('timestamptz(3)')
      .defaultRaw('now()')
      .onCreate(() => new Date()),
    expiresAt: p.datetime().columnType('timestamptz(3)'),
    revokedAt: moment(),
  },
});

export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session);
