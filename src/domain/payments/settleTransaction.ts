import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import type { Transaction } from '../../entities/credits/Transaction.ts';
import { emit } from '../../events/emit.ts';
import { viewTransaction } from '../../views/payments.ts';
import { clawBack } from '../credits/clawBack.ts';
import { moveCredits } from '../credits/moveCredits.ts';
import { tellAccount } from '../credits/tellAccount.ts';

const sumRefunds = `
select coalesce(sum(amount_cents), 0)::float8 as cents from payment_refunds
where provider = $1 and provider_payment_id = $2 and is_succeeded`;

/** The order and its refunds are told of apart, and either may be behind: the larger sum is the later one. */
async function readRefunded(em: EntityManager, transaction: Transaction): Promise<number> {
  const { provider, providerPaymentId, refundedCents } = transaction;
  const [row] = await executePrepared<{ cents: number }>(em, sumRefunds, [provider, providerPaymentId]);
  return Math.max(refundedCents, row?.cents ?? 0);
}

async function give(em: EntityManager, transaction: Transaction, userId: string): Promise<void> {
  const { id, provider, providerPaymentId, creditsBought } = transaction;
  transaction.status = 'succeeded';
  // The history refers to the transaction, which may be as new as itself.
  await em.flush();
  await moveCredits(em, {
    userId,
    delta: creditsBought,
    kind: 'purchase',
    reason: `bought ${creditsBought} credits`,
    transactionId: id,
    key: `order:${provider}:${providerPaymentId}`,
  });
  emit(em, `user:${userId}`, 'payment.succeeded', () => viewTransaction(transaction));
  await tellAccount(em, {
    userId,
    type: 'payment.succeeded',
    title: `${creditsBought} credits are in your account`,
    message: 'Your payment has arrived.',
    payload: { transactionId: id, credits: creditsBought },
    cause: `payment:${id}`,
  });
}

async function takeBack(em: EntityManager, transaction: Transaction, userId: string): Promise<void> {
  const { id, creditsReclaimed, refundedCents, amountCents } = transaction;
  const due = transaction.creditsToReclaim();
  if (refundedCents >= amountCents && refundedCents > 0) transaction.status = 'refunded';
  const amount = due - creditsReclaimed;
  if (amount <= 0) return;
  transaction.creditsReclaimed = due;
  const { taken, debt } = await clawBack(em, {
    userId,
    amount,
    transactionId: id,
    reason: `${amount} credits of a payment that was paid back`,
    key: `refund:${id}:${due}`,
  });
  emit(em, `user:${userId}`, 'payment.refunded', () => viewTransaction(transaction));
  await tellAccount(em, {
    userId,
    type: 'payment.refunded',
    title: `${taken} credits were taken back`,
    message:
      debt > 0 ? `Your payment was paid back; ${debt} credits more are owed.` : 'Your payment was paid back.',
    payload: { transactionId: id, taken, debt },
    cause: `refund:${id}:${due}`,
  });
}

/**
 * Brings an account to what is known of one of its purchases: credits are given once it is paid, and of these
 * the share taken back that was paid back. Repeated, it changes nothing. The row must be locked, and its order too.
 */
export async function settleTransaction(
  em: EntityManager,
  transaction: Transaction,
  { isPaid = false } = {},
): Promise<void> {
  const { userId } = transaction;
  if (!userId) return;
  if (isPaid && !transaction.isGranted()) await give(em, transaction, userId);
  transaction.refundedCents = await readRefunded(em, transaction);
  if (transaction.isGranted()) await takeBack(em, transaction, userId);
}
