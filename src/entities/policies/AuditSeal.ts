import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from '../columns.ts';
import { Project } from '../projects/Project.ts';

/** A link of the chain over the audit log of a project (or, without one, of the system): append-only, too. */
export const AuditSealSchema = defineEntity({
  name: 'AuditSeal',
  tableName: 'audit_seals',
  uniques: [
    {
      name: 'audit_seals_number_unique',
      expression:
        'create unique index "audit_seals_number_unique" on "audit_seals" ("project_id", "number") nulls not distinct',
    },
  ],
  indexes: [{ name: 'audit_seals_to_transaction_index', properties: ['toTransaction'] }],
  checks: [
    {
      name: 'audit_seals_range',
      expression: 'number >= 1 and from_transaction < to_transaction and row_count >= 0',
    },
    { name: 'audit_seals_hash', expression: 'octet_length(hash) = 32' },
  ],
  properties: {
    id: id(),
    // It outlives its project, as the rows do that it seals.
    projectId: () => p.manyToOne(Project).mapToPk().nullable().createForeignKeyConstraint(false),
    /** 1, 2, 3 … in its chain. */
    number: p.integer(),
    fromTransaction: p.bigint('number'),
    /** Exclusive. */
    toTransaction: p.bigint('number'),
    rowCount: p.integer(),
    /** SHA-256 of the seal before, this seal's own columns, and its rows. */
    hash: p.blob(),
    createdAt: createdAt(),
  },
});

export class AuditSeal extends AuditSealSchema.class {}
AuditSealSchema.setClass(AuditSeal);
