import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Job } from '../jobs/Job.ts';

/**
 * Credits set aside for a job: captured piece by piece for the work that was delivered, the rest released. It
 * ends once; a job that is tried again gets another.
 */
export const CreditHoldSchema = defineEntity({
  name: 'CreditHold',
  tableName: 'credit_holds',
  indexes: [
    { name: 'credit_holds_user_id_created_at_index', properties: ['userId', 'createdAt', 'id'] },
    {
      name: 'credit_holds_expiry_index',
      expression: `create index "credit_holds_expiry_index" on "credit_holds" ("expires_at") where "status" = 'held'`,
    },
  ],
  uniques: [
    {
      name: 'credit_holds_job_id_unique',
      expression: `create unique index "credit_holds_job_id_unique" on "credit_holds" ("job_id") where "status" = 'held'`,
    },
    { name: 'credit_holds_idempotency_key_unique', properties: ['userId', 'idempotencyKey'] },
  ],
  checks: [
    { name: 'credit_holds_amount_positive', expression: 'amount > 0' },
    { name: 'credit_holds_captured_within', expression: 'captured >= 0 and captured <= amount' },
    { name: 'credit_holds_captured_when', expression: `captured = 0 or status <> 'released'` },
    { name: 'credit_holds_resolved', expression: `(status = 'held') = (resolved_at is null)` },
  ],
  properties: {
    id: id(),
    userId: () => p.manyToOne(Actor).mapToPk().deleteRule('restrict'),
    jobId: () => p.manyToOne(Job).mapToPk().deleteRule('restrict').index(),
    amount: p.bigint('number'),
    captured: p.bigint('number').default(0),
    status: p
      .enum(['held', 'captured', 'released', 'expired'] as const)
      .nativeEnumName('hold_status')
      .default('held'),
    expiresAt: p.datetime().columnType('timestamptz(3)'),
    resolvedAt: moment(),
    /** The same hold, asked for twice, is one. */
    idempotencyKey: text(255).nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class CreditHold extends CreditHoldSchema.class {}
CreditHoldSchema.setClass(CreditHold);
