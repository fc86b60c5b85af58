import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type TestServer, startServer } from '../support/server.ts';

/** Three failures per account, thirty per address. */
const settings = { SIGN_IN_ATTEMPTS: '3', TRUST_PROXY: 'true' };
let server: TestServer;
let node: TestServer;
beforeAll(async () => {
  server = await startServer({ settings });
  node = await startServer({ settings, beside: server });
});
afterAll(async () => {
  await node.close();
  await server.close();
});
afterEach(() => server.tessera.services.reads.query('delete from rate_limits'));

const login = (email: string, password: string, at = server) =>
  at.connect().auth.login.mutate({ email, password });
const codeOf = async (email: string, password: string, at = server) =>
  (await failureOf(login(email, password, at))).code;

test('an account is closed to guesses after so many failures, and the right password must wait too', async () => {
  const { email, password } = await server.person('Guessed');
  for (let n = 0; n < 3; n += 1) expect(await codeOf(email, `guess ${n}`)).toBe('BAD_CREDENTIALS');
  const failure = await failureOf(login(email, password));
  expect(failure.code).toBe('TOO_MANY_REQUESTS');
  const seconds = Number(/in (\d+) s/.exec(failure.message)?.[1]);
  expect(seconds).toBeGreaterThan(890);
  expect(seconds).toBeLessThanOrEqual(900);
});

test('addresses without an account are counted in the same way', async () => {
  const answers: string[] = [];
  for (let n = 0; n < 5; n += 1) answers.push(await codeOf('nobody@example.org', 'a guess'));
  expect(answers).toEqual([
    'BAD_CREDENTIALS',
    'BAD_CREDENTIALS',
    'BAD_CREDENTIALS',
    'TOO_MANY_REQUESTS',
    'TOO_MANY_REQUESTS',
  ]);
});

test('guesses made all at once are counted one by one', async () => {
  const { email } = await server.person('Parallel');
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => codeOf(email, `guess ${n}`)));
  expect(answers.filter((code) => code === 'BAD_CREDENTIALS')).toHaveLength(3);
});

test('a successful sign-in forgives the account its failures', async () => {
  const { email, password } = await server.person('Forgiven');
  for (let round = 0; round < 3; round += 1) {
    expect(await codeOf(email, 'a wrong password')).toBe('BAD_CREDENTIALS');
    expect(await codeOf(email, 'a wrong password')).toBe('BAD_CREDENTIALS');
    await login(email, password);
  }
});

test('nodes count together', async () => {
  const { email, password } = await server.person('Nodes');
  expect(await codeOf(email, 'guess 1', server)).toBe('BAD_CREDENTIALS');
  expect(await codeOf(email, 'guess 2', node)).toBe('BAD_CREDENTIALS');
  expect(await codeOf(email, 'guess 3', server)).toBe('BAD_CREDENTIALS');
  expect(await codeOf(email, password, node)).toBe('TOO_MANY_REQUESTS');
});

test('one address is closed after ten times as many failures, whatever the accounts; others are not', async () => {
  const { email, password } = await server.person('Elsewhere');
  const from = (address: string, input: object) =>
    fetch(`${server.url}/trpc/auth.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ json: input }),
    }).then((response) => response.status);
  for (let n = 0; n < 30; n += 1) {
    expect(
      await from(`2001:db8:0:1::${n + 1}`, { email: `nobody-${n}@example.org`, password: 'a guess' }),
    ).toBe(401);
  }
  expect(await from('2001:db8:0:1::ffff', { email, password })).toBe(429);
  expect(await from('2001:db8:0:2::1', { email, password })).toBe(200);
});

test('the counters hold nobody’s address', async () => {
  await codeOf('private@example.org', 'a guess');
  const { rows } = await server.tessera.services.reads.query<{ key: string }>('select key from rate_limits');
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toMatch(/private|example|127\.0\.0\.1/);
});

test('where attempts cannot be counted, none is made', async () => {
  const { email, password } = await server.person('Closed');
  const { reads } = server.tessera.services;
  await reads.query('alter table rate_limits rename to rate_limits_away');
  try {
    expect(await codeOf(email, password)).toBe('UNAVAILABLE');
  } finally {
    await reads.query('alter table rate_limits_away rename to rate_limits');
  }
  await login(email, password);
});
