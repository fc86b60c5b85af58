import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text, updatedAt } from '../columns.ts';

/** Money that a provider paid back, or tries to. It may be known of before the payment it belongs to. */
export const PaymentRefundSchema = defineEntity({
  name: 'PaymentRefund',
  tableName: 'payment_refunds',
  indexes: [{ name: 'payment_refunds_payment_index', properties: ['provider', 'providerPaymentId'] }],
  uniques: [{ name: 'payment_refunds_refund_unique', properties: ['provider', 'providerRefundId'] }],
  checks: [{ name: 'payment_refunds_amount_not_negative', expression: 'amount_cents >= 0' }],
  properties: {
    id: id(),
    provider: text(50),
    providerRefundId: text(255),
    /** As in `transactions`. */
    providerPaymentId: text(255),
    /** Before tax. */
    amountCents: p.bigint('number'),
    /** Once it has succeeded it stays so. */
    isSucceeded: p.boolean().default(false),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class PaymentRefund extends PaymentRefundSchema.class {}
PaymentRefundSchema.setClass(PaymentRefund);
