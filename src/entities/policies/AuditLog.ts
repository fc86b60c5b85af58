import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';

/** Who changed what, with old and new values, secrets redacted. Append-only: triggers refuse anything else. */
export const AuditLogSchema = defineEntity({
  name: 'AuditLog',
  tableName: 'audit_logs',
  indexes: [
    { name: 'audit_logs_entity_index', properties: ['entityType', 'entityId'] },
    { name: 'audit_logs_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    { name: 'audit_logs_user_id_created_at_index', properties: ['userId', 'createdAt', 'id'] },
    {
      name: 'audit_logs_project_id_transaction_index',
      properties: ['projectId', 'transactionNumber', 'id'],
    },
    {
      name: 'audit_logs_transaction_brin',
      expression:
        'create index "audit_logs_transaction_brin" on "audit_logs" using brin ("transaction_number") with (pages_per_range = 16)',
    },
  ],
  properties: {
    id: id(),
    // History outlives what it tells of: no foreign keys that a purge could trip over.
    userId: () => p.manyToOne(Actor).mapToPk().nullable().createForeignKeyConstraint(false),
    projectId: () => p.manyToOne(Project).mapToPk().nullable().createForeignKeyConstraint(false),
    action: text(50),
    entityType: text(50),
    entityId: text(200),
    changes: p.json().$type<Record<string, { old?: unknown; new?: unknown }>>(),
    via: p.enum(['session', 'api_key', 'worker', 'system'] as const).nativeEnumName('audit_via'),
    requestId: text(64).nullable(),
    ipAddress: text(45).nullable(),
    userAgent: text(500).nullable(),
    createdAt: createdAt(),
    /** Of the transaction that wrote the row: seals follow this order. */
    transactionNumber: p.bigint('number').defaultRaw('audit_transaction()'),
  },
});

export class AuditLog extends AuditLogSchema.class {}
AuditLogSchema.setClass(AuditLog);
