import { randomUUID } from 'node:crypto';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import superjson from 'superjson';
import { expect, test } from 'vitest';
import { hashToken } from '../../src/domain/identity/secrets.ts';
import { testRouter } from './testRouter.ts';
import { type World, eventually, startWorld, watchProject } from './world.ts';

/** A session more for somebody, which runs out in so many seconds. */
async function addSession(world: World, userId: string, seconds: number): Promise<string> {
  const token = randomUUID();
  await world.database.reads.query(
    `insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + make_interval(secs => $4))`,
    [randomUUID(), userId, hashToken(token), seconds],
  );
  return token;
}

/** The stock client, which asks for its credential whenever it opens a socket. */
function openClient(world: World, getToken: () => string) {
  let opened = 0;
  const socket = createWSClient({
    url: `ws://127.0.0.1:${world.port}/trpc`,
    retryDelayMs: () => 50,
    connectionParams: () => ({ token: getToken() }),
    onOpen: () => (opened += 1),
  });
  const client = createTRPCClient<typeof testRouter>({
    links: [wsLink({ client: socket, transformer: superjson })],
  });
  return { client, opened: () => opened, [Symbol.asyncDispose]: () => socket.close() };
}

test('a client is asked to come back before its session runs out, and with a fresh one it loses nothing', async () => {
  await using world = await startWorld({ sweepMs: 100 });
  const prudent = await world.member('viewer');
  const careless = await world.member('viewer');
  const fresh = await addSession(world, prudent.id, 3600);
  const lifetime = 4;
  const [first, only] = [
    await addSession(world, prudent.id, lifetime),
    await addSession(world, careless.id, lifetime),
  ];
  const isOver = performance.now() + lifetime * 1000;
  let current = first;
  await using renewing = openClient(world, () => current);
  await using staying = openClient(world, () => only);
  const renewed = watchProject(renewing.client, world.projectId);
  const stale = watchProject(staying.client, world.projectId);
  await Promise.all([renewed, stale].map((watching) => watching.until(({ values }) => values.length === 1)));
  current = fresh;
  let written = 0;
  const write = async () => {
    await world.comment();
    written += 1;
  };
  await eventually(async () => {
    await write();
    return renewing.opened() === 2;
  });
  // The old socket was left only when the new one had taken over.
  expect(performance.now()).toBeLessThan(isOver);
  expect(stale.error).toBeUndefined();
  expect(world.counts['reconnect expiry']).toBeGreaterThanOrEqual(1);
  await stale.until(({ error }) => error !== undefined);
  expect(stale.error?.data?.code).toBe('UNAUTHORIZED');
  expect(performance.now()).toBeGreaterThan(isOver - 500);
  await write();
  await renewed.until(({ values }) => values.at(-1)?.seq === written);
  expect(renewed.seqs()).toEqual(Array.from({ length: written }, (_, index) => index + 1));
  expect(renewed.error).toBeUndefined();
  expect(renewed.starts).toBe(1);
  expect(renewing.opened()).toBe(2);
  // Who brought the same session again was asked again, but not without end.
  expect(staying.opened()).toBeLessThan(6);
});

test('a session that was prolonged meanwhile is not asked for', async () => {
  await using world = await startWorld();
  const { id } = await world.member('viewer');
  const token = await addSession(world, id, 3);
  await using prolonged = openClient(world, () => token);
  const watching = watchProject(prolonged.client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  await world.database.reads.query(`update sessions set expires_at = now() + '1 day' where token_hash = $1`, [
    hashToken(token),
  ]);
  const identified = world.counts['identified'] ?? 0;
  await eventually(() => (world.counts['identified'] ?? 0) > identified);
  await world.comment();
  await watching.until(({ values }) => values.length === 2);
  expect(world.counts['reconnect expiry']).toBeUndefined();
  expect(prolonged.opened()).toBe(1);
});
