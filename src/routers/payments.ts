import { z } from 'zod';
import { mayUseAccount } from '../authz/rules/credit.ts';
import { beginPurchase, openCheckout } from '../domain/payments/beginPurchase.ts';
import { requestRefund } from '../domain/payments/refundPurchase.ts';
import type { PaymentProvider } from '../drivers/payments/PaymentProvider.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { transactionStatus, viewTransaction } from '../views/payments.ts';
import { listTransactions } from '../views/sql/credits/listTransactions.ts';
import { readPurchase } from '../views/sql/credits/readPurchase.ts';
import type { Call } from './Call.ts';
import { findAccount } from './findAccount.ts';
import { line } from './freeText.ts';
import { instance, router } from './trpc.ts';

const providerOf = (ctx: Call): PaymentProvider => ctx.payments ?? fail('PAYMENTS_OFF');
const filter = { ...page, status: transactionStatus.optional() };

export const payments = router({
  /** What can be bought; nothing where the server takes no payments. */
  packages: instance.query('payments.packages', {}, ({ ctx }) => ({
    items: (ctx.payments ? ctx.settings.CREDIT_PACKAGES : []).map(
      ({ id, credits, amountCents, currency }) => ({
        id,
        credits,
        amountCents,
        currency,
      }),
    ),
  })),

  /**
   * Begins the purchase of a package, and answers the page on which it is paid. Credits are there when the
   * provider has said that it was. With the same `mutationId` it is one purchase.
   */
  checkout: instance.mutation(
    'payments.checkout',
    { id: uuid.optional(), packageId: line(100), actorId: uuid.optional() },
    async ({ ctx, input }) => {
      const { id, packageId } = input;
      const userId = await findAccount(ctx, input.actorId, mayUseAccount);
      const provider = providerOf(ctx);
      const bought =
        ctx.settings.CREDIT_PACKAGES.find((candidate) => candidate.id === packageId) ??
        fail('PACKAGE_UNKNOWN', { packageId });
      const begun = await ctx.write(
        (em) => beginPurchase(em, { id, userId, provider: provider.name, bought }),
        ({ id: transactionId }) => ({ transactionId }),
      );
      const { orm, cause, publicUrl, settings } = ctx;
      const returnUrl = settings.PAYMENTS_RETURN_URL ?? `${publicUrl}/credits`;
      const opened = await openCheckout(begun.transactionId, {
        orm,
        cause,
        provider,
        bought,
        publicUrl,
        returnUrl,
      });
      return {
        transaction: viewTransaction(opened),
        url: opened.checkoutUrl ?? null,
        expiresAt: opened.checkoutExpiresAt ?? null,
      };
    },
  ),

  /** Purchases for an account, newest first. */
  transactions: instance.query(
    'payments.transactions',
    { ...filter, actorId: uuid.optional() },
    async ({ ctx, input: { cursor, limit, status, actorId } }) => {
      const of = {
        actorId: await findAccount(ctx, actorId, mayUseAccount),
        status,
        position: readCursor(cursor),
        limit: limit + 1,
      };
      return toPage(await listTransactions(ctx.reads, of), limit, (transaction) => transaction);
    },
  ),

  /**
   * Where the receipt of a purchase can be had, at the provider, by who may use the account that it was for. The
   * address lasts for minutes: ask when it is wanted.
   */
  receipt: instance.query('payments.receipt', { transactionId: uuid }, async ({ ctx, input }) => {
    const { transactionId } = input;
    const provider = providerOf(ctx);
    const callerId = ctx.actor.id;
    const purchase = await readPurchase(ctx.reads, { id: transactionId, callerId });
    if (!purchase || !mayUseAccount(ctx.access, callerId, purchase.account))
      return fail('NOT_FOUND', { thing: 'transaction' });
    const { orderId } = purchase;
    if (orderId === null || purchase.provider !== provider.name) return fail('NO_RECEIPT');
    return { url: await provider.findReceipt({ transactionId, orderId, publicUrl: ctx.publicUrl }) };
  }),

  /** Everybody's purchases, or those for one account, newest first. */
  listAll: instance.query(
    'payments.listAll',
    { ...filter, actorId: uuid.optional() },
    async ({ ctx, input: { cursor, limit, status, actorId = null } }) => {
      const of = { actorId, status, position: readCursor(cursor), limit: limit + 1 };
      return toPage(await listTransactions(ctx.reads, of), limit, (transaction) => transaction);
    },
  ),

  /**
   * Asks the provider to pay a purchase back, all that is left of it or `amountCents`. Its credits are taken
   * back when the provider says that the money was.
   */
  refund: instance.mutation(
    'payments.refund',
    { transactionId: uuid, amountCents: z.number().int().min(1).optional(), reason: line(255) },
    ({ ctx, input: { transactionId, amountCents, reason } }) => {
      const provider = providerOf(ctx);
      return ctx.write(
        (em) => requestRefund(em, { transactionId, provider, cents: amountCents, reason }),
        ({ cents }) => ({ transactionId, amountCents: cents }),
      );
    },
  ),
});
