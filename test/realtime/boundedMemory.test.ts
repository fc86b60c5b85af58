/** What a server holds for clients that do their worst is bounded; each test has one way of doing it. */
import { expect, test } from 'vitest';
import { closeCodes } from '../../src/realtime/protocol.ts';
import { BareSocket } from './BareSocket.ts';
import { begun } from './testRouter.ts';
import { callTimes, eventually, fillStream, numbers, worldsOnOneDatabase } from './world.ts';

const startWorld = worldsOnOneDatabase();

const limit = 65_536;
const unhurried = { SOCKET_MESSAGES_PER_SECOND: '100000', SOCKET_MESSAGES_PER_USER: '100000' };

test('who pings and reads nothing is not read either, and later gets every answer', async () => {
  await using world = await startWorld({ settings: { SOCKET_QUEUE_BYTES: String(limit), ...unhurried } });
  const socket = await BareSocket.open(world.server);
  socket.pause();
  const data = 'x'.repeat(125);
  let sent = 0;
  // Whoever is read goes on being read: so much for one who is not.
  while (socket.waiting.toServer < 10 * limit && sent < 20_000) {
    for (const end = sent + 100; sent < end; sent += 1) socket.ping(data);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(socket.waiting.toServer).toBeGreaterThanOrEqual(10 * limit);
  expect(socket.waiting.toClient + world.realtime.backlog().bytes).toBeLessThan(4 * limit);
  socket.resume();
  await socket.until(({ pongs }) => pongs.length === sent);
  expect(socket.pongs.at(-1)?.toString()).toBe(data);
  socket.terminate();
});

test.for([
  ['pings', (socket: BareSocket) => socket.ping()],
  ['pongs that nobody asked for', (socket: BareSocket) => socket.pong()],
  ['PONG in words', (socket: BareSocket) => socket.send('PONG')],
  ['arrays with nothing in them', (socket: BareSocket) => socket.send('[]')],
  ['ends of what never began', (socket: BareSocket) => socket.send({ id: 1, method: 'subscription.stop' })],
] as const)('a flood of %s is refused, then the socket closes', async ([, say]) => {
  await using world = await startWorld();
  const socket = await BareSocket.open(world.server);
  for (let sent = 0; !socket.closed && sent < 5_000; sent += 1) {
    say(socket);
    if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await socket.until(({ closed }) => closed !== undefined);
  expect(socket.closed?.code).toBe(closeCodes.tooManyMessages);
  await eventually(() => world.realtime.connections() === 0);
});

test('of many replays on one connection that is not read, no more than one is fetched at a time', async () => {
  const total = 200;
  const count = 12;
  await using world = await startWorld({ settings: { SOCKET_QUEUE_BYTES: String(limit) } });
  await fillStream(world, total);
  const socket = await BareSocket.open(world.server, (await world.member('viewer')).token);
  socket.pause();
  const { projectId } = world;
  for (let id = 1; id <= count; id += 1) socket.subscribe('test.watch', { projectId }, id, `1.${id}`);
  await eventually(() => world.realtime.backlog().readers === 1 && world.hub.stats().logs === count);
  await callTimes(world, 20);
  expect(world.hub.stats().reads).toBeLessThan(5);
  socket.resume();
  await socket.until(({ frames }) => frames.length === count + (count * (2 * total - count - 1)) / 2);
  for (let id = 1; id <= count; id += 1) expect(socket.seqs(id)).toEqual(numbers(id + 1, total));
  socket.terminate();
});

test('who subscribes and unsubscribes without end leaves nothing behind, not even in the lines where work waits', async () => {
  await using world = await startWorld({ settings: unhurried });
  const { projectId } = world;
  const { token } = await world.member('viewer');
  const socket = await BareSocket.open(world.server, token);
  const turns = 400;
  const turn = (lastEventId?: string) => {
    socket.subscribe('test.watch', { projectId }, 1, lastEventId);
    socket.send({ id: 1, method: 'subscription.stop' });
  };
  for (let n = 0; n < turns; n += 1) turn(n % 2 === 0 ? '1.0' : undefined);
  await socket.until(
    () => socket.messages().filter(({ result }) => result?.type === 'stopped').length === turns,
  );
  // The same while nothing can be decided: whoever has left does not stand in line.
  const { reads } = world.database;
  const client = await reads.connect();
  await client.query('begin; lock table sessions in access exclusive mode');
  for (let n = 0; n < turns; n += 1) turn();
  await socket.until(
    () => socket.messages().filter(({ result }) => result?.type === 'stopped').length === 2 * turns,
  );
  expect(world.realtime.subscriptions()).toBe(0);
  expect(world.realtime.waiting()).toBe(0);
  await client.query('rollback');
  client.release();
  await eventually(() => world.hub.stats().logs === 0 && world.hub.stats().streams === 0);
  // And one that stays is served.
  socket.subscribe('test.watch', { projectId }, 2);
  await socket.until(() => socket.seqs(2).length === 1);
  expect(world.hub.stats().logs).toBe(1);
  socket.terminate();
  await eventually(() => world.realtime.connections() === 0 && world.hub.stats().logs === 0);
});

test('answers that are not taken are not made', async () => {
  await using world = await startWorld({ settings: { SOCKET_QUEUE_BYTES: String(limit) } });
  const socket = await BareSocket.open(world.server, (await world.member('viewer')).token);
  const { projectId } = world;
  socket.pause();
  begun.large = 0;
  for (let id = 0; id < 60; id += 1) {
    const params = { path: 'test.large', input: { json: { projectId, bytes: 2 * limit } } };
    socket.send({ id, method: 'query', params });
  }
  await eventually(() => world.realtime.backlog().readers === 1);
  await callTimes(world, 20);
  // As many as run at once, and no other, though the line is long.
  expect(begun.large).toBeLessThanOrEqual(2 * 16);
  socket.resume();
  await socket.until(({ frames }) => frames.length === 60);
  socket.terminate();
});
