/** Every event of an account, applied to what was shown before it, gives what is shown after it. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BalanceState, type Watched, applyToBalance } from '../../client/src/index.ts';
import { captureForSegment, holdForJob, releaseJob } from '../../src/domain/credits/holdForJob.ts';
import { processInbox } from '../../src/domain/payments/processInbox.ts';
import { simulatePayment, simulateRefund } from '../../src/domain/payments/simulatePayment.ts';
import { collectFrames } from '../support/collectFrames.ts';
import { type CreditWorld, makeCreditWorld } from '../support/creditWorld.ts';

let world: CreditWorld;
beforeAll(async () => {
  world = await makeCreditWorld({
    PAYMENTS: 'test',
    CREDIT_PACKAGES: '[{"id":"small","credits":100,"amountCents":500,"currency":"EUR"}]',
  });
});
afterAll(() => world.server.close());

test('a balance, with the events of its account, is the balance that is there, and payments are those listed', async () => {
  const { person, projectId } = await world.makeAccount(10);
  const { client, id } = person;
  const watching = collectFrames<Watched<'credits'>>((on) => client.credits.watch.subscribe({}, on));
  await watching.until(({ type }) => type === 'snapshot');
  const jobId = await world.makeJob(projectId, 'running');
  const { transaction } = await client.payments.checkout.mutate({ packageId: 'small' });
  const work = () => processInbox(world.server.tessera.services.orm);
  const steps: (() => Promise<unknown>)[] = [
    () => world.act((em) => holdForJob(em, { jobId, projectId, amount: 8 })),
    () =>
      world.act((em) => captureForSegment(em, { jobId, segmentId: randomUUID(), amount: 5, reason: 'done' })),
    () => world.act((em) => releaseJob(em, jobId)),
    () => world.act((em) => simulatePayment(em, transaction.id)).then(work),
    () =>
      world.act((em) => simulateRefund(em, { orderId: `order_${transaction.id}`, cents: 250 })).then(work),
  ];
  let seen = 0;
  for (const step of steps) {
    await step();
    const balance = await client.credits.balance.query({});
    await watching.until(
      ({ type, ...event }) =>
        type === 'credits.changed' && 'payload' in event && isDeepStrictEqual(event.payload, balance),
    );
    const shown = watching.received.reduce<BalanceState | undefined>(applyToBalance, undefined);
    expect(shown).toEqual(balance);
    expect(watching.received.length).toBeGreaterThan(seen);
    seen = watching.received.length;
  }
  const refunded = await watching.until(({ type }) => type === 'payment.refunded');
  watching.stop();
  expect(watching.received.map(({ type }) => type).filter((type) => type.startsWith('payment.'))).toEqual([
    'payment.succeeded',
    'payment.refunded',
  ]);
  const { items } = await client.payments.transactions.query({});
  expect(items).toEqual([(refunded as Extract<Watched<'credits'>, { type: 'payment.refunded' }>).payload]);
  expect((await client.credits.balance.query({})).balance).toBe(55);
  expect(id).toBe(items[0]?.actorId);
});
