/** Which version of the policy is in force, live. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PolicyEpochView } from '../../src/views/policies.ts';
import { collectFrames } from '../support/collectFrames.ts';
import { failureOf } from '../support/failure.ts';
import { add, applyNow, permission, policyOf, remove } from '../support/policy.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let second: TestServer;
let admin: Person;
let other: Person;
beforeAll(async () => {
  const services = new Set(['api', 'realtime'] as const);
  server = await startServer({ services });
  second = await startServer({ services, beside: server });
  admin = await server.admin();
  other = await server.admin();
});
afterAll(async () => {
  await second.close();
  await server.close();
});

test('what is in force is told, and every change of it, made on another node or in the database', async () => {
  const watch = collectFrames<PolicyEpochView>((on) =>
    second.connect(other.token).policies.watch.subscribe({}, on),
  );
  const { epoch: first } = await policyOf(server);
  await watch.until(({ epoch }) => epoch === first);
  const applied = await applyNow(server, admin, add(permission('viewer', 'jobs.retry')));
  await watch.until(({ epoch }) => epoch === applied.epoch);
  await server.tessera.services.reads.query(
    `delete from casbin_rules where ptype = 'p' and v0 = 'role:viewer' and v1 = 'jobs' and v2 = 'retry'`,
  );
  const { epoch: last } = await policyOf(server);
  expect(last).toBeGreaterThan(applied.epoch);
  await watch.until(({ epoch }) => epoch === last);
  // A role given is no change of the policy, and nobody hears of one twice.
  expect(watch.received.map(({ epoch }) => epoch)).toEqual([first, applied.epoch, last]);
  watch.stop();
});

test('who loses the right to watch hears of that, and no more', async () => {
  const bob = await server.person('Bob');
  expect(
    (await failureOf(collectFrames((on) => bob.client.policies.watch.subscribe({}, on)).until(() => true)))
      .code,
  ).toBe('FORBIDDEN');
  await applyNow(server, admin, add(permission('user', 'policies.watch')));
  const watch = collectFrames<PolicyEpochView>((on) => bob.client.policies.watch.subscribe({}, on));
  await watch.until(() => true);
  await applyNow(server, admin, remove(permission('user', 'policies.watch')));
  expect((await failureOf(watch.until(({ epoch }) => epoch < 0))).code).toBe('FORBIDDEN');
});
