import { z } from 'zod';
import type { Transaction } from '../entities/credits/Transaction.ts';
import { moment, uuid } from './columns.ts';

export const transactionStatus = z.enum(['pending', 'succeeded', 'failed', 'cancelled', 'refunded']);

/** A purchase of credits. */
export const transactionView = z.object({
  id: uuid,
  /** Whose account it is for; null when that account was removed. */
  actorId: uuid.nullable(),
  provider: z.string(),
  /** The provider's id of the order; null until it is paid. */
  providerPaymentId: z.string().nullable(),
  packageId: z.string().nullable(),
  /** Before tax. */
  amountCents: z.number(),
  /** ISO 4217. */
  currency: z.string(),
  credits: z.number(),
  status: transactionStatus,
  /** Of the amount, what was paid back. */
  refundedCents: z.number(),
  /** Of the credits, what was taken back for that. */
  creditsReclaimed: z.number(),
  /** Where it can be paid, for as long as it can; null once it is paid, or given up. */
  checkoutUrl: z.string().nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type TransactionView = z.infer<typeof transactionView>;

/** The page of a purchase that is still to be paid, while it is open. */
function openCheckoutOf({ status, checkoutUrl, checkoutExpiresAt }: Transaction): string | null {
  const isOpen = status === 'pending' && checkoutExpiresAt && checkoutExpiresAt > new Date();
  return (isOpen && checkoutUrl) || null;
}

export function viewTransaction(transaction: Transaction): TransactionView {
  return {
    id: transaction.id,
    actorId: transaction.userId ?? null,
    provider: transaction.provider,
    providerPaymentId: transaction.providerPaymentId ?? null,
    packageId: transaction.packageId ?? null,
    amountCents: transaction.amountCents,
    currency: transaction.currency,
    credits: transaction.creditsBought,
    status: transaction.status,
    refundedCents: transaction.refundedCents,
    creditsReclaimed: transaction.creditsReclaimed,
    checkoutUrl: openCheckoutOf(transaction),
    createdAt: transaction.createdAt,
    updatedAt: transaction.updatedAt,
  };
}
