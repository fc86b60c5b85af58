import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../columns.ts';

/**
 * What an actor's personal values in the audit log are mixed with before they are sealed. Without it nobody
 * can find out by trying what an erased value was.
 */
export const AuditSaltSchema = defineEntity({
  name: 'AuditSalt',
  tableName: 'audit_salts',
  checks: [{ name: 'audit_salts_length', expression: 'octet_length(salt) = 32' }],
  properties: {
    // No foreign key: the log tells of actors that are gone, and of nobody (all zeros).
    actorId: p.uuid().primary(),
    salt: p.blob().hidden(),
    createdAt: createdAt(),
  },
});

export class AuditSalt extends AuditSaltSchema.class {}
AuditSaltSchema.setClass(AuditSalt);
