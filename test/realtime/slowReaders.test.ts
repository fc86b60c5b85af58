import { expect, test } from 'vitest';
import { BareSocket } from './BareSocket.ts';
import { RawSocket } from './RawSocket.ts';
import { begun } from './testRouter.ts';
import { callTimes, eventually, fillStream, numbers, watchProject, worldsOnOneDatabase } from './world.ts';

const startWorld = worldsOnOneDatabase();

const limit = 65_536;

/** Whether the event of this seq is the last that came; looks at one frame, for there are thousands. */
const hasCome = ({ frames }: RawSocket | BareSocket, seq: number) =>
  frames.at(-1)?.endsWith(`"id":"1.${seq}"}}`) === true;

test('a reader who stops reading costs bounded memory, holds up nobody, and goes on without a hole', async () => {
  const total = 400;
  await using world = await startWorld({ settings: { SOCKET_QUEUE_BYTES: String(limit) } });
  const slow = await BareSocket.open(world.server, (await world.member('viewer')).token);
  slow.subscribe('test.watch', { projectId: world.projectId });
  await slow.until(({ frames }) => frames.length === 2);
  slow.pause();
  const quick = watchProject(world.connect((await world.member('viewer')).token).client, world.projectId);
  await quick.until(({ values }) => values.length === 1);
  await fillStream(world, total);
  await quick.until(({ values }) => values.length === total + 1);
  // 800 KB were there to send; what is not taken waits in the log, but for one event beyond the limit.
  expect(world.realtime.backlog()).toMatchObject({ readers: 1 });
  expect(world.realtime.backlog().bytes).toBeLessThan(limit + 2 * 2_400);
  expect(world.hub.stats().delivered).toBeLessThan(total + 2 + limit / 2_000);
  expect(world.counts['behind reader']).toBeGreaterThan(0);
  slow.resume();
  await slow.until(() => hasCome(slow, total));
  expect(slow.seqs()).toEqual(numbers(0, total));
  expect(world.realtime.backlog()).toEqual({ bytes: 0, readers: 0 });
  slow.terminate();
});

test('slow readers in number hold bounded memory; those who stay behind are cut off and resume without a hole', async () => {
  const all = 100_000;
  const count = 6;
  const total = 200;
  await using world = await startWorld({ settings: { SOCKET_TOTAL_QUEUE_BYTES: String(all) } });
  const members = await Promise.all(Array.from({ length: count }, () => world.member('viewer')));
  const slow = await Promise.all(members.map(({ token }) => BareSocket.open(world.server, token)));
  for (const socket of slow) {
    socket.subscribe('test.watch', { projectId: world.projectId });
    await socket.until(({ frames }) => frames.length === 2);
    socket.pause();
  }
  const quick = watchProject(world.connect((await world.member('viewer')).token).client, world.projectId);
  await quick.until(({ values }) => values.length === 1);
  let most = 0;
  const looking = setInterval(() => (most = Math.max(most, world.realtime.backlog().bytes)), 1);
  await fillStream(world, total);
  await quick.until(({ values }) => values.length === total + 1);
  await eventually(() => (world.counts['closed backlog'] ?? 0) > 0);
  clearInterval(looking);
  expect(most).toBeGreaterThan(all);
  // Each may have 64 KB; the first had more before there was too much: all 400 KB that there are, at most.
  expect(most).toBeLessThan(total * 2_400 + count * 70_000);
  for (const socket of slow) socket.resume();
  await Promise.all(
    slow.map((socket) => socket.until(() => socket.closed !== undefined || hasCome(socket, total))),
  );
  expect(slow.some(({ closed }) => closed?.code === 1006)).toBe(true);
  for (const [index, socket] of slow.entries()) {
    const seqs = socket.seqs().slice(1);
    if (socket.closed) {
      const { client } = world.connect(members[index]?.token ?? '');
      const lastEventId = `1.${seqs.at(-1) ?? 0}`;
      const resumed = watchProject(client, world.projectId, { lastEventId });
      if (seqs.at(-1) !== total) await resumed.until(({ values }) => values.at(-1)?.seq === total);
      seqs.push(...resumed.seqs());
    }
    expect(seqs).toEqual(numbers(1, total));
    socket.terminate();
  }
  await eventually(() => world.realtime.backlog().bytes === 0);
});

test('of many large snapshots on one connection no more are read than its reader takes', async () => {
  const count = 30;
  await using world = await startWorld({ settings: { SOCKET_QUEUE_BYTES: String(limit) } });
  const socket = await BareSocket.open(world.server, (await world.member('viewer')).token);
  begun.bulky = 0;
  socket.pause();
  const { projectId } = world;
  for (let id = 1; id <= count; id += 1) socket.subscribe('test.bulky', { projectId, bytes: 2 * limit }, id);
  await eventually(() => world.realtime.backlog().readers === 1);
  await callTimes(world, 20);
  expect(begun.bulky).toBe(1);
  expect(world.realtime.subscriptions()).toBe(count);
  socket.resume();
  await socket.until(({ frames }) => frames.length === 2 * count);
  expect(begun.bulky).toBe(count);
  expect(socket.messages().filter(({ result }) => result?.type === 'data')).toHaveLength(count);
  socket.terminate();
});

test('a reader who takes nothing is cut off, one who takes little by little is not', async () => {
  // Over the network: it is the kernel that says what was taken.
  const total = 6000;
  await using world = await startWorld({
    settings: { SOCKET_PING_SECONDS: '1', SOCKET_PONG_SECONDS: '1', SOCKET_STALLED_SECONDS: '4' },
  });
  const members = [await world.member('viewer'), await world.member('viewer')];
  const [stuck, sipping] = (await Promise.all(
    members.map(({ token }) => RawSocket.signedIn(world.port, token)),
  )) as [RawSocket, RawSocket];
  for (const socket of [stuck, sipping]) {
    socket.subscribe('test.watch', { projectId: world.projectId });
    await socket.until(({ frames }) => frames.length === 2);
    socket.ws.pause();
  }
  await fillStream(world, total);
  await eventually(() => world.realtime.backlog().readers === 2);
  const sips = setInterval(() => {
    sipping.ws.resume();
    setImmediate(() => sipping.ws.pause());
  }, 200);
  await eventually(() => (world.counts['closed stalled'] ?? 0) > 0);
  stuck.ws.resume();
  await stuck.until(({ closed }) => closed?.code === 1006);
  clearInterval(sips);
  expect(sipping.closed).toBeUndefined();
  sipping.ws.resume();
  await sipping.until(() => hasCome(sipping, total));
  expect(sipping.seqs().slice(1)).toEqual(numbers(1, total));
  sipping.ws.terminate();
});

test('a lane that nobody reads keeps the newest value of each key, and no other', async () => {
  await using world = await startWorld({ settings: { SOCKET_QUEUE_BYTES: String(limit) } });
  const { projectId } = world;
  const socket = await BareSocket.open(world.server, (await world.member('viewer')).token);
  socket.subscribe('test.lane', { projectId });
  await socket.until(({ frames }) => frames.length === 2);
  socket.pause();
  const params = { path: 'test.large', input: { json: { projectId, bytes: 2 * limit } } };
  socket.send({ id: 10, method: 'query', params });
  await eventually(() => world.realtime.backlog().readers === 1);
  for (let progress = 1; progress <= 300; progress += 1) {
    for (const jobId of ['a', 'b'])
      world.bus.publishLane(world.stream, 'jobs', jobId, { jobId, progress, updatedAt: new Date() });
  }
  await callTimes(world, 20);
  socket.resume();
  const isNewest = (frame: string) => frame.includes('"progress":300');
  await socket.until(({ frames }) => frames.filter(isNewest).length === 2);
  const told = socket.messages().filter(({ id, result }) => id === 1 && result?.data);
  expect(told.length).toBeLessThan(12);
  socket.terminate();
});
