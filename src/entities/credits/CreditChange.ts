import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Job } from '../jobs/Job.ts';
import { Transaction } from './Transaction.ts';

/** One change of somebody's credits. Only ever added to: `actors.credits` is the sum of its deltas. */
export const CreditChangeSchema = defineEntity({
  name: 'CreditChange',
  tableName: 'credits_history',
  indexes: [{ name: 'credits_history_user_id_created_at_index', properties: ['userId', 'createdAt', 'id'] }],
  uniques: [{ name: 'credits_history_idempotency_key_unique', properties: ['userId', 'idempotencyKey'] }],
  checks: [
    { name: 'credits_history_delta_not_zero', expression: 'delta <> 0' },
    { name: 'credits_history_balance_not_negative', expression: 'balance_after >= 0' },
  ],
  properties: {
    id: id(),
    userId: () => p.manyToOne(Actor).mapToPk().deleteRule('restrict'),
    delta: p.bigint('number'),
    kind: p
      .enum(['grant', 'correction', 'purchase', 'charge', 'refund', 'repayment'] as const)
      .nativeEnumName('credit_kind')
      .default('grant'),
    reason: text(255),
    /** Who granted or corrected; null for what followed from a job or a payment. */
    authorId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('restrict').index(),
    jobId: () => p.manyToOne(Job).mapToPk().nullable().deleteRule('restrict').index(),
    transactionId: () => p.manyToOne(Transaction).mapToPk().nullable().deleteRule('restrict').index(),
    balanceAfter: p.bigint('number'),
    /** The same change, asked for twice, is one. */
    idempotencyKey: text(255),
    createdAt: createdAt(),
  },
});

export class CreditChange extends CreditChangeSchema.class {}
CreditChangeSchema.setClass(CreditChange);
