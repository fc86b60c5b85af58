import { type EntityManager, type MikroORM, LockMode } from '@mikro-orm/postgresql';
import { type Cause, transact } from '../../database/transaction.ts';
import type { PaymentProvider } from '../../drivers/payments/PaymentProvider.ts';
import { Actor } from '../../entities/identity/Actor.ts';
import { Transaction } from '../../entities/credits/Transaction.ts';
import { fail } from '../../errors.ts';
import type { CreditPackage } from '../../paymentSettings.ts';

/** Writes down what is about to be bought, at the price of now. */
export async function beginPurchase(
  em: EntityManager,
  of: { id?: string | undefined; userId: string; provider: string; bought: CreditPackage },
): Promise<Transaction> {
  const { id, userId, provider, bought } = of;
  return em.create(Transaction, {
    ...(id ? { id } : {}),
    userId,
    provider,
    amountCents: bought.amountCents,
    currency: bought.currency,
    creditsBought: bought.credits,
    packageId: bought.id,
    refundedCents: 0,
    creditsReclaimed: 0,
    status: 'pending',
  });
}

export interface CheckoutOptions {
  orm: MikroORM;
  cause: Cause;
  provider: PaymentProvider;
  bought: CreditPackage;
  publicUrl: string;
  returnUrl: string;
}

/**
 * Opens the page on which a purchase is paid; a retry gets the page of the first call for as long as it is
 * there. The provider is asked between two transactions: it may take seconds, and no connection waits for it.
 * @throws UNAVAILABLE, PAYMENT_PROVIDER_REFUSED
 */
export async function openCheckout(transactionId: string, options: CheckoutOptions): Promise<Transaction> {
  const { orm, cause, provider, bought, publicUrl, returnUrl } = options;
  const em = orm.em.fork();
  const begun = await em.findOneOrFail(Transaction, { id: transactionId });
  if (begun.checkoutUrl && begun.checkoutExpiresAt && begun.checkoutExpiresAt > new Date()) return begun;
  const { userId } = begun;
  if (!userId || begun.status !== 'pending')
    return fail('CONFLICT', { reason: 'the purchase is not open any more' });
  const buyer = await em.findOneOrFail(Actor, { id: userId });
  const checkout = await provider.openCheckout({
    transactionId,
    actorId: userId,
    packageId: bought.id,
    productId: bought.productId,
    email: buyer.email ?? null,
    publicUrl,
    returnUrl,
  });
  return transact(orm, cause, async (writing) => {
    const transaction = await writing.findOneOrFail(
      Transaction,
      { id: transactionId },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    transaction.checkoutUrl = checkout.url;
    transaction.checkoutExpiresAt = checkout.expiresAt;
    return transaction;
  });
}
