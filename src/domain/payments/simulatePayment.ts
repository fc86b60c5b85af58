import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Transaction } from '../../entities/credits/Transaction.ts';
import { fail } from '../../errors.ts';
import { receiveWebhook } from './receiveWebhook.ts';

const provider = 'test';

/** A purchase at the test provider. @throws NOT_FOUND (checkout) */
export async function findTestPurchase(em: EntityManager, transactionId: string): Promise<Transaction> {
  const found = await em.findOne(Transaction, { id: transactionId, provider });
  return found ?? fail('NOT_FOUND', { thing: 'checkout' });
}

async function send(em: EntityManager, type: string, data: Record<string, unknown>): Promise<void> {
  await receiveWebhook(em, {
    provider,
    webhookId: `test_${randomUUID()}`,
    body: JSON.stringify({ type, data }),
  });
}

/** What Polar would send when the purchase is paid. @throws NOT_FOUND (checkout) */
export async function simulatePayment(em: EntityManager, transactionId: string): Promise<void> {
  const { id, amountCents, currency } = await findTestPurchase(em, transactionId);
  await send(em, 'order.paid', {
    id: `order_${id}`,
    net_amount: amountCents,
    refunded_amount: 0,
    currency: currency.toLowerCase(),
    metadata: { transactionId: id },
  });
}

/** What Polar would send when money is paid back. */
export async function simulateRefund(
  em: EntityManager,
  of: { orderId: string; cents: number },
): Promise<void> {
  await send(em, 'refund.created', {
    id: `refund_${randomUUID()}`,
    order_id: of.orderId,
    amount: of.cents,
    status: 'succeeded',
  });
}
