import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';

/** A purchase of credits at a provider of payments. */
export const TransactionSchema = defineEntity({
  name: 'Transaction',
  tableName: 'transactions',
  indexes: [
    { name: 'transactions_user_id_created_at_index', properties: ['userId', 'createdAt', 'id'] },
    { name: 'transactions_created_at_index', properties: ['createdAt', 'id'] },
  ],
  uniques: [
    { name: 'transactions_provider_payment_id_unique', properties: ['provider', 'providerPaymentId'] },
  ],
  checks: [
    { name: 'transactions_amount_not_negative', expression: 'amount_cents >= 0' },
    { name: 'transactions_credits_positive', expression: 'credits_bought > 0' },
    { name: 'transactions_currency', expression: `currency ~ '^[A-Z]{3}$'` },
    {
      name: 'transactions_reclaimed_within',
      expression: 'refunded_cents >= 0 and credits_reclaimed >= 0 and credits_reclaimed <= credits_bought',
    },
    {
      name: 'transactions_paid_at_provider',
      expression: `(status <> 'succeeded' and status <> 'refunded') or provider_payment_id is not null`,
    },
  ],
  properties: {
    id: id(),
    userId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null'),
    provider: text(50),
    /** The provider's own id of the order; null until it is paid. */
    providerPaymentId: text(255).nullable(),
    /** Before tax. */
    amountCents: p.bigint('number'),
    /** ISO 4217. */
    currency: text(3),
    creditsBought: p.bigint('number'),
    /** Of CREDIT_PACKAGES, as it was when it was bought. */
    packageId: text(100).nullable(),
    /** Of the amount, what was paid back until now. */
    refundedCents: p.bigint('number').default(0),
    /** Of the credits, what was taken back for that: from the balance, or as debt. */
    creditsReclaimed: p.bigint('number').default(0),
    checkoutUrl: p.text().nullable(),
    checkoutExpiresAt: moment(),
    status: p
      .enum(['pending', 'succeeded', 'failed', 'cancelled', 'refunded'] as const)
      .nativeEnumName('tx_status')
      .default('pending'),
    webhookPayload: p.json().$type<Record<string, unknown>>().nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class Transaction extends TransactionSchema.class {
  /** Whether its credits were given. */
  isGranted(): boolean {
    return this.status === 'succeeded' || this.status === 'refunded';
  }

  /**
   * Of the credits bought, the share that was paid back, in whole credits: what is left over is the buyer's.
   * Products of cents and credits do not fit into a number.
   */
  creditsToReclaim(): number {
    if (this.refundedCents >= this.amountCents) return this.refundedCents > 0 ? this.creditsBought : 0;
    return Number((BigInt(this.creditsBought) * BigInt(this.refundedCents)) / BigInt(this.amountCents));
  }
}
TransactionSchema.setClass(Transaction);
