import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { executePrepared } from '../../database/executePrepared.ts';
import type { PaidOrder, PaymentEvent } from '../../drivers/payments/readPaymentEvent.ts';
import { Transaction } from '../../entities/credits/Transaction.ts';
import { settleTransaction } from './settleTransaction.ts';

/**
 * One order at a time: an order and a refund that comes before it would otherwise miss each other. A statement
 * of its own, because what follows must see what committed while this waited.
 */
async function lockOrder(em: EntityManager, provider: string, orderId: string): Promise<void> {
  await em.execute(
    'select pg_advisory_xact_lock(hashtextextended(?, 0))',
    [`order:${provider}:${orderId}`],
    'run',
  );
}

const lockMode = LockMode.PESSIMISTIC_WRITE;

/**
 * The purchase of an order. A checkout that was paid twice is two orders: the second gets a transaction like
 * the first.
 */
async function findPurchase(
  em: EntityManager,
  provider: string,
  order: PaidOrder,
): Promise<Transaction | null> {
  const { orderId, transactionId } = order;
  const known = await em.findOne(Transaction, { provider, providerPaymentId: orderId }, { lockMode });
  if (known || !transactionId) return known;
  const begun = await em.findOne(Transaction, { provider, id: transactionId }, { lockMode });
  if (!begun?.providerPaymentId) {
    if (begun) begun.providerPaymentId = orderId;
    return begun;
  }
  const { userId, amountCents, currency, creditsBought, packageId } = begun;
  return em.create(Transaction, {
    id: uuidv7(),
    userId,
    provider,
    providerPaymentId: orderId,
    amountCents,
    currency,
    creditsBought,
    packageId,
    refundedCents: 0,
    creditsReclaimed: 0,
    status: 'pending',
  });
}

const keepRefund = `
insert into payment_refunds as r (id, provider, provider_refund_id, provider_payment_id, amount_cents, is_succeeded)
values ($1, $2, $3, $4, $5, $6)
on conflict (provider, provider_refund_id) do update
  set is_succeeded = r.is_succeeded or excluded.is_succeeded, updated_at = now()`;

/**
 * Does what an event of a provider says, however often and in whatever order events come: credits of an order
 * are given once, and taken back by how much of the money was paid back in all.
 * @returns why nothing was done, for the record; null when there is nothing to say.
 */
export async function applyPayment(
  em: EntityManager,
  provider: string,
  event: PaymentEvent,
  payload: unknown,
): Promise<string | null> {
  if (event.is === 'other') return null;
  const orderId = event.is === 'refund' ? event.refund.orderId : event.order.orderId;
  await lockOrder(em, provider, orderId);
  if (event.is === 'refund') {
    const { refundId, amountCents, isSucceeded } = event.refund;
    await executePrepared(em, keepRefund, [uuidv7(), provider, refundId, orderId, amountCents, isSucceeded]);
    const paid = await em.findOne(Transaction, { provider, providerPaymentId: orderId }, { lockMode });
    if (!paid) return 'the order is not known yet: the refund waits for it';
    await settleTransaction(em, paid);
    return null;
  }
  const purchase = await findPurchase(em, provider, event.order);
  if (!purchase?.userId) return 'no purchase that was begun here';
  const { amountCents, currency, refundedCents } = event.order;
  // A discount may have changed the amount since the checkout was opened.
  Object.assign(purchase, { amountCents, currency });
  purchase.refundedCents = Math.max(purchase.refundedCents, refundedCents);
  purchase.webhookPayload = payload as Record<string, unknown>;
  await settleTransaction(em, purchase, { isPaid: event.is === 'paid' });
  return null;
}
