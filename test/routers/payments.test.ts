import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processInbox } from '../../src/domain/payments/processInbox.ts';
import { SettingsError, readSettings } from '../../src/settings.ts';
import { type CreditWorld, makeCreditWorld } from '../support/creditWorld.ts';
import { failureOf } from '../support/failure.ts';
import { type TestServer, startServer } from '../support/server.ts';

const packages = JSON.stringify([
  { id: 'small', credits: 100, amountCents: 500, currency: 'EUR', productId: 'product-small' },
  { id: 'large', credits: 1000, amountCents: 4000, currency: 'EUR', productId: 'product-large' },
]);
let world: CreditWorld;

beforeAll(async () => {
  world = await makeCreditWorld({ PAYMENTS: 'test', CREDIT_PACKAGES: packages });
});
afterAll(() => world.server.close());
const work = () => processInbox(world.server.tessera.services.orm);

describe('with the test provider', () => {
  test('a package is chosen, paid by a click, and paid back by an administrator', async () => {
    const { client, id } = await world.server.person('Buyer');
    expect((await client.payments.packages.query({})).items).toMatchObject([
      { id: 'small', credits: 100 },
      { id: 'large' },
    ]);
    const { transaction, url } = await client.payments.checkout.mutate({ packageId: 'small' });
    expect(transaction).toMatchObject({
      status: 'pending',
      credits: 100,
      amountCents: 500,
      packageId: 'small',
      checkoutUrl: url,
    });
    const receipt = (of: typeof client) => of.payments.receipt.query({ transactionId: transaction.id });
    expect((await failureOf(receipt(client))).code).toBe('NO_RECEIPT');
    const purchases = async () => (await client.payments.transactions.query({})).items;
    expect(await purchases()).toEqual([transaction]);
    const page = await fetch(url ?? '');
    expect(await page.text()).toContain('100 credits for 5.00 EUR: pending');
    const paid = await fetch(url ?? '', { method: 'POST' });
    expect([paid.status, paid.redirected]).toEqual([200, true]);
    await fetch(url ?? '', { method: 'POST' });
    await work();
    expect((await client.credits.balance.query({})).balance).toBe(100);
    expect(await (await fetch(url ?? '')).text()).toContain('succeeded');

    expect(await purchases()).toMatchObject([{ status: 'succeeded', checkoutUrl: null }]);
    const stranger = await world.server.person('Stranger');
    expect((await failureOf(receipt(stranger.client))).code).toBe('NOT_FOUND');
    const admin = await world.server.admin();
    expect([await receipt(client), await receipt(admin.client)]).toEqual([{ url }, { url }]);
    const refund = (more: object = {}) =>
      admin.client.payments.refund.mutate({ transactionId: transaction.id, reason: 'as you asked', ...more });
    expect((await failureOf(refund({ amountCents: 501 }))).code).toBe('NOT_REFUNDABLE');
    expect(await refund({ amountCents: 100 })).toEqual({ transactionId: transaction.id, amountCents: 100 });
    await work();
    expect((await client.credits.balance.query({})).balance).toBe(80);
    expect(await refund()).toMatchObject({ amountCents: 400 });
    await work();
    expect((await client.credits.balance.query({})).balance).toBe(0);
    expect((await failureOf(refund())).code).toBe('NOT_REFUNDABLE');
    const all = await admin.client.payments.listAll.query({ status: 'refunded', actorId: id });
    expect((await admin.client.payments.listAll.query({ actorId: stranger.id })).items).toEqual([]);
    expect(all.items).toMatchObject([{ id: transaction.id, refundedCents: 500, creditsReclaimed: 100 }]);
    expect((await failureOf(client.payments.listAll.query({}))).code).toBe('FORBIDDEN');
  });

  test('a checkout that is asked for again is one purchase, and its page belongs to nobody else', async () => {
    const { client } = await world.server.person('Buyer');
    const ask = () => client.payments.checkout.mutate({ packageId: 'large', mutationId: 'buy' });
    const [one, two] = [await ask(), await ask()];
    expect(two).toEqual(one);
    expect((await client.payments.transactions.query({})).items).toHaveLength(1);
    expect((await failureOf(client.payments.checkout.mutate({ packageId: 'huge' }))).code).toBe(
      'PACKAGE_UNKNOWN',
    );
    const missing = await fetch(`${world.server.url}/payments/test/nothing`);
    expect([missing.status, ((await missing.json()) as { code: string }).code]).toEqual([404, 'NOT_FOUND']);
    // Nothing is signed for here without a secret, so nothing is taken in.
    const inbound = await fetch(`${world.server.url}/webhooks/polar`, { method: 'POST', body: '{}' });
    expect([inbound.status, ((await inbound.json()) as { code: string }).code]).toEqual([
      412,
      'PAYMENTS_OFF',
    ]);
  });
});

describe('settings', () => {
  const polar = { PAYMENTS: 'polar', POLAR_ACCESS_TOKEN: 'polar_oat_hidden', POLAR_WEBHOOK_SECRET: 'hidden' };
  test.each([
    [
      'the test provider in production',
      { PAYMENTS: 'test', NODE_ENV: 'production' },
      'refused with NODE_ENV=production',
    ],
    ['the test provider for the network', { PAYMENTS: 'test', HOST: '0.0.0.0' }, 'refused with'],
    [
      'the test provider behind an address',
      { PAYMENTS: 'test', PUBLIC_URL: 'https://tessera.example.org' },
      'refused with',
    ],
    [
      'Polar without a token',
      { ...polar, POLAR_ACCESS_TOKEN: '', CREDIT_PACKAGES: packages },
      'POLAR_ACCESS_TOKEN',
    ],
    [
      'Polar without a secret',
      { ...polar, POLAR_WEBHOOK_SECRET: '', CREDIT_PACKAGES: packages },
      'POLAR_WEBHOOK_SECRET',
    ],
    ['Polar without packages', polar, 'CREDIT_PACKAGES'],
    [
      'a package without product',
      { ...polar, CREDIT_PACKAGES: packages.replace(',"productId":"product-large"', '') },
      'large',
    ],
    ['packages that are not JSON', { CREDIT_PACKAGES: 'small' }, 'JSON list'],
    ['a package of nothing', { CREDIT_PACKAGES: packages.replace('1000', '0') }, 'credits'],
    ['two packages of one id', { CREDIT_PACKAGES: packages.replace('large', 'small') }, 'same id'],
    ['a price without number', { JOB_PRICES: 'media.translate=much' }, 'media.translate=much'],
    ['another provider', { PAYMENTS: 'cash' }, 'PAYMENTS'],
  ])('refuse %s, and say why without a secret', (_what, environment, told) => {
    const read = () => readSettings(environment);
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(told);
    expect(read).not.toThrow('hidden');
  });

  test('take no payments unless they say so', async () => {
    expect(readSettings({}).PAYMENTS).toBeUndefined();
    await using server = await startServer({
      services: new Set(['api']),
      settings: { CREDIT_PACKAGES: packages },
    });
    const { client } = await server.person('Buyer');
    expect(await client.payments.packages.query({})).toEqual({ items: [] });
    expect((await failureOf(client.payments.checkout.mutate({ packageId: 'small' }))).code).toBe(
      'PAYMENTS_OFF',
    );
    expect((await fetch(`${server.url}/payments/test/x`)).status).toBe(404);
  });
});

/** Polar's API as far as we call it: answers what it is told to, and keeps what it was asked. */
async function startPolar(answers: { status: number; body: unknown }[]) {
  const asked: { path: string; authorization: string | undefined; body: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { authorization } = request.headers;
      asked.push({
        path: request.url ?? '',
        authorization,
        body: JSON.parse(text || '{}') as Record<string, unknown>,
      });
      const answer = answers.shift() ?? { status: 500, body: {} };
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => server.close(),
  };
}

describe('with Polar', () => {
  const expires = '2030-01-01T00:00:00Z';
  const answers: { status: number; body: unknown }[] = [];
  let polar: Awaited<ReturnType<typeof startPolar>>;
  let server: TestServer;
  beforeAll(async () => {
    polar = await startPolar(answers);
    server = await startServer({
      services: new Set(['api']),
      settings: {
        PAYMENTS: 'polar',
        POLAR_ACCESS_TOKEN: 'polar_oat_hidden',
        POLAR_WEBHOOK_SECRET: 'hidden',
        POLAR_API_URL: polar.url,
        PAYMENTS_RETURN_URL: 'https://app.example.org/thanks',
        CREDIT_PACKAGES: packages,
      },
    });
  });
  afterAll(async () => {
    await server.close();
    polar.stop();
  });

  test('a checkout is opened there, with what brings the payment back to its purchase', async () => {
    const person = await server.person('Buyer');
    answers.push({ status: 201, body: { url: 'https://polar.example/checkout/1', expires_at: expires } });
    const { transaction, url, expiresAt } = await person.client.payments.checkout.mutate({
      packageId: 'small',
    });
    expect([url, expiresAt]).toEqual(['https://polar.example/checkout/1', new Date(expires)]);
    expect(polar.asked.at(-1)).toEqual({
      path: '/v1/checkouts/',
      authorization: 'Bearer polar_oat_hidden',
      body: {
        products: ['product-small'],
        external_customer_id: person.id,
        customer_email: person.email,
        metadata: { transactionId: transaction.id, packageId: 'small' },
        success_url: 'https://app.example.org/thanks',
      },
    });
  });

  test.each([
    [
      { status: 422, body: { detail: [{ msg: 'no such product' }] } },
      'PAYMENT_PROVIDER_REFUSED',
      'no such product',
    ],
    [{ status: 401, body: { error: 'invalid_token' } }, 'PAYMENT_PROVIDER_REFUSED', '401'],
    [{ status: 503, body: {} }, 'UNAVAILABLE', 'does not answer'],
    [{ status: 429, body: {} }, 'UNAVAILABLE', 'does not answer'],
  ])(
    'a failure there is told as what it is, and asked again it is the same purchase',
    async (answer, code, told) => {
      const { client } = await server.person('Buyer');
      const ask = () => client.payments.checkout.mutate({ packageId: 'small', mutationId: 'buy' });
      answers.push(answer);
      const failure = await failureOf(ask());
      expect([failure.code, failure.message.includes(told)]).toEqual([code, true]);
      expect(failure.message).not.toContain('hidden');
      answers.push({ status: 201, body: { url: 'https://polar.example/checkout/2', expires_at: expires } });
      expect((await ask()).url).toBe('https://polar.example/checkout/2');
      expect((await client.payments.transactions.query({})).items).toHaveLength(1);
    },
  );

  test('a refund is asked for there once for its mutationId, again after a failure, and moves no credits before it is told of', async () => {
    const { client, id } = await server.person('Buyer');
    const { reads } = server.tessera.services;
    const { rows } = await reads.query<{ id: string }>(
      `insert into transactions (id, user_id, provider, provider_payment_id, amount_cents, currency, credits_bought, status)
       values (gen_random_uuid(), $1, 'polar', 'order_1', 500, 'EUR', 100, 'succeeded') returning id`,
      [id],
    );
    const admin = await server.admin();
    const before = polar.asked.length;
    answers.push({ status: 503, body: {} }, { status: 201, body: {} });
    const refund = () =>
      admin.client.payments.refund.mutate({
        transactionId: rows[0]!.id,
        amountCents: 200,
        reason: 'half of it',
        mutationId: 'pay back',
      });
    expect((await failureOf(refund())).code).toBe('UNAVAILABLE');
    expect(await refund()).toEqual(await refund());
    expect(polar.asked.length - before).toBe(2);
    expect(polar.asked.at(-1)).toMatchObject({
      path: '/v1/refunds/',
      body: { order_id: 'order_1', amount: 200, reason: 'customer_request', comment: 'half of it' },
    });
    expect((await client.payments.transactions.query({})).items).toMatchObject([{ refundedCents: 0 }]);

    answers.push({ status: 200, body: { url: 'https://polar.example/receipt.pdf' } });
    expect(await client.payments.receipt.query({ transactionId: rows[0]!.id })).toEqual({
      url: 'https://polar.example/receipt.pdf',
    });
    expect(polar.asked.at(-1)).toMatchObject({ path: '/v1/orders/order_1/receipt' });
  });
});
