import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';

/** A purchase of credits at a provider of payments. */
export const TransactionSchema = defineEntity({
  name: 'Transaction',
  tableName: 'transactions',
  indexes: [{ name: 'transactions_user_id_created_at_index', properties: ['userId', 'createdAt', 'id'] }],
  uniques: [
    { name: 'transactions_provider_payment_id_unique', properties: ['provider', 'providerPaymentId'] },
  ],
  checks: [
    { name: 'transactions_amount_not_negative', expression: 'amount_cents >= 0' },
    { name: 'transactions_credits_positive', expression: 'credits_bought > 0' },
    { name: 'transactions_currency', expression: `currency ~ '^[A-Z]{3}$'` },
    {
      name: 'transactions_paid_at_provider',
      expression: `(status <> 'succeeded' and status <> 'refunded') or provider_payment_id is not null`,
    },
  ],
  properties: {
    id: id(),
    userId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null'),
    provider: text(50),
    /** The provider's own id; null until it has given one. */
    providerPaymentId: text(255).nullable(),
    amountCents: p.bigint('number'),
    /** ISO 4217. */
    currency: text(3),
    creditsBought: p.bigint('number'),
    status: p
      .enum(['pending', 'succeeded', 'failed', 'cancelled', 'refunded'] as const)
      .nativeEnumName('tx_status')
      .default('pending'),
    webhookPayload: p.json().$type<Record<string, unknown>>().nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class Transaction extends TransactionSchema.class {}
TransactionSchema.setClass(Transaction);
