import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { makeSetupLink } from '../../src/domain/identity/makeSetupLink.ts';
import { failureOf } from '../support/failure.ts';
import { type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer({ services: new Set(['api']) });
});
afterEach(() => server.close());

const makeLink = () =>
  transact(server.tessera.services.orm, systemCause, (em) => makeSetupLink(em, 'https://tessera.test'));
async function makeToken(): Promise<string> {
  const link = await makeLink();
  expect(link).toMatch(/^https:\/\/tessera\.test\/setup#tsm_/);
  return link?.split('#')[1] ?? '';
}
const use = (token: string, n = 1) =>
  server.connect().auth.setup.mutate({
    token,
    name: 'First',
    username: `first-${n}`,
    email: `first-${n}@example.org`,
    password: 'a good password',
  });

test('the link makes an administrator who can administer, and works once', async () => {
  const token = await makeToken();
  const first = await use(token);
  expect(first.actor.systemRoles).toEqual(['user', 'admin']);
  const someone = await server.person();
  await server.connect(first.token).actors.suspend.mutate({ actorId: someone.id });
  expect((await failureOf(use(token, 2))).code).toBe('TOKEN_INVALID');
  expect(await makeLink()).toBeNull();
});

test('of ten links used at once one makes an administrator', async () => {
  const tokens = await Promise.all(Array.from({ length: 10 }, makeToken));
  const outcomes = await Promise.allSettled(tokens.map((token, n) => use(token, n)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const { rows } = await server.tessera.services.reads.query(
    `select count(*)::int as n from casbin_rules where v1 = 'role:admin'`,
  );
  expect(rows[0].n).toBe(1);
});

test('a link does nothing once there is an administrator by another way', async () => {
  const token = await makeToken();
  await server.admin();
  expect((await failureOf(use(token))).code).toBe('TOKEN_INVALID');
});

test('a username that is taken leaves the link usable', async () => {
  const token = await makeToken();
  const { username } = await server.person();
  const input = { token, name: 'First', username, email: 'first@example.org', password: 'a good password' };
  expect((await failureOf(server.connect().auth.setup.mutate(input))).code).toBe('USERNAME_TAKEN');
  await use(token);
});
