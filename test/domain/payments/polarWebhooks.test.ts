import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { verifyCredits } from '../../../src/domain/credits/verifyCredits.ts';
import { processInbox } from '../../../src/domain/payments/processInbox.ts';
import { signWebhook } from '../../../src/drivers/webhooks/standardWebhooks.ts';
import { type CreditWorld, makeCreditWorld } from '../../support/creditWorld.ts';

const secret = 'polar_whs_0123456789abcdefghij';
const older = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
let world: CreditWorld;
let webhooks = 0;

beforeAll(async () => {
  world = await makeCreditWorld({ POLAR_WEBHOOK_SECRET: `${secret},${older}`, MAX_BODY_BYTES: '4096' });
});
afterAll(() => world.server.close());
afterEach(() => world.checkRecords());

interface Sending {
  id?: string;
  by?: string;
  timestamp?: number;
  headers?: Record<string, string>;
}

async function post(body: string, { id, by = secret, timestamp, headers = {} }: Sending = {}) {
  webhooks += 1;
  const messageId = id ?? `msg_${webhooks}`;
  const at = timestamp ?? Math.floor(Date.now() / 1000);
  const response = await fetch(`${world.server.url}/webhooks/polar`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': messageId,
      'webhook-timestamp': String(at),
      'webhook-signature': signWebhook([by], { id: messageId, timestamp: at, body }),
      ...headers,
    },
  });
  const answer = (await response.json()) as {
    code?: string;
    message?: string;
    remedy?: string;
    duplicate?: boolean;
  };
  return { status: response.status, ...answer };
}
const send = (type: string, data: object, sending?: Sending) => post(JSON.stringify({ type, data }), sending);
const work = () => processInbox(world.server.tessera.services.orm);

/** A purchase that was begun: a hundred credits for ten euros. */
async function begin() {
  const { person, projectId } = await world.makeAccount(0);
  const transactionId = randomUUID();
  await world.query(
    `insert into transactions (id, user_id, provider, amount_cents, currency, credits_bought) values ($1, $2, 'polar', 1000, 'EUR', 100)`,
    [transactionId, person.id],
  );
  const orderId = `order_${transactionId}`;
  const order = (more: object = {}) => ({
    id: orderId,
    net_amount: 1000,
    tax_amount: 190,
    refunded_amount: 0,
    currency: 'eur',
    metadata: { transactionId },
    ...more,
  });
  const refund = (cents: number, more: object = {}) => ({
    id: `refund_${randomUUID()}`,
    order_id: orderId,
    amount: cents,
    tax_amount: 0,
    status: 'succeeded',
    ...more,
  });
  return { person, projectId, transactionId, order, refund, account: () => world.accountOf(person.id) };
}
const has = (credits: number, debt = 0) => ({ credits, held: 0, debt });

describe('a message of Polar', () => {
  test('that an order was paid gives its credits, and its owner is told', async () => {
    const { person, order, account } = await begin();
    expect(await send('order.paid', order())).toEqual({ status: 202, received: true, duplicate: false });
    expect(await account()).toEqual(has(0));
    await work();
    expect(await account()).toEqual(has(100));
    const { items } = await person.client.payments.transactions.query({});
    expect(items).toMatchObject([{ status: 'succeeded', credits: 100, amountCents: 1000, currency: 'EUR' }]);
    const history = await person.client.credits.history.query({});
    expect(history.items).toMatchObject([{ delta: 100, kind: 'purchase', transactionId: items[0]!.id }]);
    const inbox = await person.client.notifications.list.query({});
    expect(inbox.items).toMatchObject([
      { type: 'payment.succeeded', title: '100 credits are in your account' },
    ]);
  });

  test('gives once, though it comes twenty times at once and is worked off by four', async () => {
    const { order, account } = await begin();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send('order.paid', order(), { id: 'msg_same' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    await Promise.all([work(), work(), work(), work()]);
    expect(await account()).toEqual(has(100));
  });

  test('of the same order under twenty ids gives once', async () => {
    const { order, account } = await begin();
    await Promise.all(Array.from({ length: 20 }, () => send('order.paid', order())));
    await Promise.all([work(), work(), work(), work()]);
    await work();
    expect(await account()).toEqual(has(100));
  });

  test('of a checkout that was paid twice gives twice', async () => {
    const { person, order, account } = await begin();
    await send('order.paid', order());
    await send('order.paid', order({ id: `second_${randomUUID()}` }));
    await work();
    expect(await account()).toEqual(has(200));
    expect((await person.client.payments.transactions.query({})).items).toHaveLength(2);
  });

  test('takes back the share that was paid back, each part once, whoever tells of it', async () => {
    const { person, transactionId, order, refund, account } = await begin();
    await send('order.paid', order());
    const part = refund(335);
    await send('refund.created', { ...part, status: 'pending' });
    await work();
    expect(await account()).toEqual(has(100));
    await send('refund.updated', part);
    await send('refund.updated', part);
    await send('order.refunded', order({ refunded_amount: 335 }));
    await work();
    expect(await account()).toEqual(has(67));
    await send('order.refunded', order({ refunded_amount: 1000 }));
    await send('refund.created', refund(665));
    await work();
    expect(await account()).toEqual(has(0));
    const { items } = await person.client.payments.transactions.query({});
    expect(items).toMatchObject([
      { id: transactionId, status: 'refunded', refundedCents: 1000, creditsReclaimed: 100 },
    ]);
  });

  test.each([
    ['in order', ['paid', 'refund']],
    ['the refund first', ['refund', 'paid']],
    ['the refunded order first', ['refunded', 'paid']],
    ['all at once', ['refund', 'paid', 'refunded', 'paid']],
  ])('comes to the same with paying and paying back %s', async (_how, types) => {
    const { order, refund, account } = await begin();
    const part = refund(400);
    const messages: Record<string, () => Promise<unknown>> = {
      paid: () => send('order.paid', order()),
      refund: () => send('refund.created', part),
      refunded: () => send('order.refunded', order({ refunded_amount: 400 })),
    };
    for (const type of types) {
      await messages[type]?.();
      if (types.length === 2) await work();
    }
    await Promise.all([work(), work(), work()]);
    expect(await account()).toEqual(has(60));
  });

  test('makes debt of what is spent; it blocks new holds, and the next purchase repays it first', async () => {
    const { holdForJob, captureForSegment, releaseJob } =
      await import('../../../src/domain/credits/holdForJob.ts');
    const { person, projectId, order, refund, account } = await begin();
    await send('order.paid', order());
    await work();
    const jobId = await world.makeJob(projectId, 'running');
    await world.act((em) => holdForJob(em, { jobId, projectId, amount: 70 }));
    await world.act((em) =>
      captureForSegment(em, { jobId, segmentId: randomUUID(), amount: 50, reason: 'done' }),
    );
    await send('refund.created', refund(1000));
    await work();
    // What the job holds stays its own: it is delivering.
    expect(await account()).toEqual({ credits: 20, held: 20, debt: 70 });
    const another = await world.makeJob(projectId);
    await expect(
      world.act((em) => holdForJob(em, { jobId: another, projectId, amount: 1 })),
    ).rejects.toMatchObject({
      errorCode: 'CREDITS_IN_DEBT',
    });
    await world.act((em) => releaseJob(em, jobId));
    expect(await account()).toEqual(has(0, 50));
    expect((await person.client.credits.balance.query({})).available).toBe(0);
    const next = randomUUID();
    await world.query(
      `insert into transactions (id, user_id, provider, amount_cents, currency, credits_bought) values ($1, $2, 'polar', 1000, 'EUR', 100)`,
      [next, person.id],
    );
    await send('order.paid', { ...order(), id: `order_${next}`, metadata: { transactionId: next } });
    await work();
    expect(await account()).toEqual(has(50));
  });

  test('that does not concern credits, or an order of somebody else, changes nothing and is done with', async () => {
    await send('customer.created', { id: 'c1' });
    await send('order.paid', { id: 'order_elsewhere', net_amount: 1, currency: 'usd', metadata: {} });
    await work();
    const rows = await world.query<{ error: string | null }>(
      `select error_message as error from webhook_inbox where processed_at is null`,
    );
    expect(rows).toEqual([]);
    const [remark] = await world.query(
      `select error_message as error from webhook_inbox where payload->'data'->>'id' = 'order_elsewhere'`,
    );
    expect(remark).toEqual({ error: 'no purchase that was begun here' });
  });

  test('that cannot be understood stays, with the reason, and does not hold up the others', async () => {
    const { order, account } = await begin();
    await send('order.paid', { ...order(), net_amount: 'much' }, { id: 'msg_odd' });
    await send('order.paid', order());
    await work();
    expect(await account()).toEqual(has(100));
    const [row] = await world.query<{ attempts: number; error: string }>(
      `select attempts, error_message as error from webhook_inbox where webhook_id = 'msg_odd' and processed_at is null`,
    );
    expect(row).toMatchObject({ attempts: 1, error: expect.stringContaining('net_amount') as string });
    await world.query(
      `update webhook_inbox set created_at = now() - interval '2 hours' where webhook_id = 'msg_odd'`,
    );
    const differences = await verifyCredits(world.server.tessera.services.orm);
    expect(differences.map(({ id }) => id)).toEqual(['msg_odd']);
    await world.query(`delete from webhook_inbox where webhook_id = 'msg_odd'`);
  });
});

describe('the door for webhooks', () => {
  test('takes either secret, and either way of reading it', async () => {
    const { order } = await begin();
    const encoded = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
    const answers = [
      await send('order.paid', order(), { by: older }),
      await send('order.paid', order(), { by: encoded(older) }),
      await send('order.paid', order(), { by: encoded(secret) }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  });

  test('refuses what is forged, stale, incomplete, unreadable or too large, and nothing is charged', async () => {
    const { order, account } = await begin();
    const body = JSON.stringify({ type: 'order.paid', data: order() });
    const now = Math.floor(Date.now() / 1000);
    const refusals = [
      await post(body, { by: 'whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA==' }),
      await post(body, { headers: { 'webhook-signature': 'v1,AAAA' } }),
      await post(body, { headers: { 'webhook-id': 'msg_moved' } }),
      await post(body, { timestamp: now - 301 }),
      await post(body, { timestamp: now + 600 }),
      await post(body, { headers: { 'webhook-signature': '' } }),
      await post('not JSON'),
      await post('[]'),
      await post('{"type":"order.paid"}'),
      await post(JSON.stringify({ type: 'order.paid', data: { note: '\0' } })),
      await post(JSON.stringify({ type: 'x', data: { note: 'x'.repeat(5_000) } })),
    ];
    expect(refusals.map(({ status, code }) => `${status} ${code}`)).toEqual([
      '401 WEBHOOK_FORGED',
      '401 WEBHOOK_FORGED',
      '401 WEBHOOK_FORGED',
      '400 WEBHOOK_STALE',
      '400 WEBHOOK_STALE',
      '400 WEBHOOK_INCOMPLETE',
      '400 WEBHOOK_UNREADABLE',
      '400 WEBHOOK_UNREADABLE',
      '400 WEBHOOK_UNREADABLE',
      '400 WEBHOOK_UNREADABLE',
      '413 PAYLOAD_TOO_LARGE',
    ]);
    for (const { message, remedy } of refusals) expect(`${message} ${remedy}`).toMatch(/^\S.+\. \S.+\.$/);
    await work();
    expect(await account()).toEqual(has(0));
  });

  test('answers a message that is sent again like the first time, and one that only took its id with a conflict', async () => {
    const { order, account } = await begin();
    const sending = { id: `msg_${randomUUID()}` };
    await send('order.paid', order(), sending);
    await work();
    expect(await send('order.paid', order(), sending)).toMatchObject({ status: 202, duplicate: true });
    expect(await send('order.paid', order({ id: 'order_other' }), sending)).toMatchObject({
      status: 409,
      code: 'WEBHOOK_ID_REUSED',
    });
    await work();
    expect(await account()).toEqual(has(100));
  });
});
