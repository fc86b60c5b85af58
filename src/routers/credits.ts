import { z } from 'zod';
import { mayUseAccount } from '../authz/rules/credit.ts';
import { grantCredits } from '../domain/credits/grantCredits.ts';
import { quoteJob } from '../domain/credits/quoteJob.ts';
import { fail } from '../errors.ts';
import { LogWatch } from '../events/watch.ts';
import { uuid } from '../views/columns.ts';
import { holdStatus } from '../views/credits.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listCreditChanges } from '../views/sql/credits/listCreditChanges.ts';
import { listHolds } from '../views/sql/credits/listHolds.ts';
import { readBalance } from '../views/sql/credits/readBalance.ts';
import { readProjectBalance } from '../views/sql/credits/readProjectBalance.ts';
import { findAccount } from './findAccount.ts';
import { line } from './freeText.ts';
import { instance, project, router } from './trpc.ts';

const most = 1_000_000_000;
/** An organization whose account it is, or a person's; left out, the caller's own. */
const actorId = uuid.optional();

export const credits = router({
  /** What an account has: balance, what of it is held for jobs, what is available, and debt. */
  balance: instance.query('credits.balance', { actorId }, async ({ ctx, input }) => {
    const accountId = await findAccount(ctx, input.actorId, mayUseAccount);
    return (await readBalance(ctx.reads, accountId)) ?? fail('NOT_FOUND', { thing: 'account' });
  }),

  /** Every change of an account's balance, newest first: the deltas add up to it. */
  history: instance.query('credits.history', { ...page, actorId }, async ({ ctx, input }) => {
    const { cursor, limit } = input;
    const of = {
      actorId: await findAccount(ctx, input.actorId, mayUseAccount),
      position: readCursor(cursor),
      limit: limit + 1,
    };
    return toPage(await listCreditChanges(ctx.reads, of), limit, (change) => change);
  }),

  /** What is or was set aside for jobs, newest first. */
  holds: instance.query(
    'credits.holds',
    { ...page, actorId, status: holdStatus.optional() },
    async ({ ctx, input }) => {
      const { cursor, limit, status } = input;
      const accountId = await findAccount(ctx, input.actorId, mayUseAccount);
      const of = { actorId: accountId, status, position: readCursor(cursor), limit: limit + 1 };
      return toPage(await listHolds(ctx.reads, of), limit, (hold) => hold);
    },
  ),

  /**
   * What a job in the project would cost, in `units` of its kind (minutes, files), and whether its owner, who
   * pays, has so much. Nothing is held.
   */
  quote: project.query(
    'credits.quote',
    { jobType: line(100), units: z.number().min(0).max(1_000_000).default(1) },
    async ({ ctx, input: { jobType, units } }) => {
      const cost = quoteJob(ctx.settings.JOB_PRICES, { jobType, units });
      const payer = await readProjectBalance(ctx.reads, ctx.projectId);
      if (!payer) return fail('NOT_FOUND', { thing: 'project' });
      return { jobType, units, credits: cost, payerId: payer.actorId, isCovered: cost <= payer.available };
    },
  ),

  /**
   * Gives credits to an account, or takes some with an amount below 0: at most what is there and not held. The
   * same `idempotencyKey` (else the mutationId) does it once.
   */
  grant: instance.mutation(
    'credits.grant',
    {
      actorId: uuid,
      amount: z
        .number()
        .int()
        .min(-most)
        .max(most)
        .refine((amount) => amount !== 0, 'must not be 0'),
      reason: line(255),
      idempotencyKey: line(150).optional(),
    },
    ({ ctx, input }) =>
      ctx.write(
        (em) =>
          grantCredits(em, ctx.actor, {
            actorId: input.actorId,
            amount: input.amount,
            reason: input.reason,
            key: input.idempotencyKey,
          }),
        (changeId) => ({ changeId }),
      ),
  ),

  /**
   * An account live: first `{ type: 'snapshot', seq, balance }`, then `credits.changed` with the new balance,
   * `payment.succeeded` and `payment.refunded`.
   */
  watch: instance.subscription('credits.watch', { actorId }, async ({ ctx, input }) => {
    const accountId = await findAccount(ctx, input.actorId, mayUseAccount);
    const reauthorizer = ctx.reauthorizer('credits.watch');
    return new LogWatch(ctx.feed, {
      stream: `user:${accountId}`,
      wants: ({ type }) => type.startsWith('credits.') || type.startsWith('payment.'),
      snapshot: async (client) => ({ balance: (await readBalance(client, accountId)) ?? null }),
      reauthorizer: {
        async decide() {
          const now = await reauthorizer.decide();
          await findAccount(ctx, accountId, mayUseAccount, now);
          return now;
        },
      },
      lastEventId: input.lastEventId ?? undefined,
    });
  }),
});
