import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import type { PaymentProvider, RefundRequest } from '../../drivers/payments/PaymentProvider.ts';
import { Transaction } from '../../entities/credits/Transaction.ts';
import { fail } from '../../errors.ts';
import { audit } from '../../events/audit.ts';

/**
 * Asks the provider to pay a purchase back. Credits are taken back when it says that the money was.
 *
 * It is asked inside the transaction, while the purchase is locked: a failure leaves nothing behind, so that it
 * can be asked again, and whoever asks at the same time waits. That is rare and short enough for a connection.
 * @param of.cents default: all that is left.
 * @throws NOT_FOUND (transaction), NOT_REFUNDABLE, UNAVAILABLE, PAYMENT_PROVIDER_REFUSED
 */
export async function requestRefund(
  em: EntityManager,
  of: { transactionId: string; provider: PaymentProvider; cents?: number | undefined; reason: string },
): Promise<RefundRequest> {
  const { transactionId, provider, reason } = of;
  const transaction =
    (await em.findOne(Transaction, { id: transactionId }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ??
    fail('NOT_FOUND', { thing: 'transaction' });
  const { providerPaymentId, amountCents, refundedCents } = transaction;
  const left =
    transaction.isGranted() && transaction.provider === provider.name ? amountCents - refundedCents : 0;
  const cents = of.cents ?? left;
  if (!providerPaymentId || cents < 1 || cents > left) return fail('NOT_REFUNDABLE', { cents: left });
  audit(em, {
    action: 'refund',
    entityType: 'transactions',
    entityId: transactionId,
    changes: { refundedCents: { old: refundedCents, new: refundedCents + cents }, reason: { new: reason } },
  });
  const request = { orderId: providerPaymentId, cents, comment: reason };
  await provider.refund(request);
  return request;
}
