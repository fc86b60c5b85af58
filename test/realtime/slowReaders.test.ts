import { expect, test } from 'vitest';
import { RawSocket } from './RawSocket.ts';
import { begun } from './testRouter.ts';
import { type World, eventually, startWorld, watchProject } from './world.ts';

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Puts so many events of two kilobytes into the stream, and says so. */
async function fillStream(world: World, total: number): Promise<void> {
  await world.database.reads.query(
    `with head as (insert into streams (stream, seq) values ($1, $2))
     insert into events (stream, seq, type, subject, payload, created_at)
     select $1, n, 'comment.added', 'thread:x', jsonb_build_object('body', repeat('x', 2000)), now() from generate_series(1, $2) n`,
    [world.stream, total],
  );
  world.bus.publishHint(world.stream, total);
}

function subscribe(socket: RawSocket, { projectId }: World, path = 'test.watch', more: object = {}, id = 1) {
  socket.send({ id, method: 'subscription', params: { path, input: { json: { projectId, ...more } } } });
}

const seqsOf = (socket: RawSocket) =>
  socket.messages().flatMap(({ result }) => (result?.id ? [Number(result.id.split('.')[1])] : []));

/** Whether the event of this seq is the last that came; looks at one frame, for there are thousands. */
const hasCome = ({ frames }: RawSocket, seq: number) => frames.at(-1)?.endsWith(`"id":"1.${seq}"}}`) === true;

/** Calls that are answered, one after the other: what could happen meanwhile has happened. */
async function callTimes(world: World, times: number): Promise<void> {
  const { client } = world.connect((await world.member('viewer')).token);
  for (let n = 0; n < times; n += 1) await client.test.echo.query({ projectId: world.projectId });
}

test('slow readers in number hold bounded memory; those who stay behind are cut off and resume without a hole', async () => {
  const limit = 100_000;
  const count = 6;
  const total = 7000;
  await using world = await startWorld({ settings: { SOCKET_TOTAL_QUEUE_BYTES: String(limit) } });
  const members = await Promise.all(Array.from({ length: count }, () => world.member('viewer')));
  const slow = await Promise.all(members.map(({ token }) => RawSocket.signedIn(world.port, token)));
  for (const socket of slow) {
    subscribe(socket, world);
    await socket.until(({ frames }) => frames.length === 2);
    socket.ws.pause();
  }
  const quick = watchProject(world.connect((await world.member('viewer')).token).client, world.projectId);
  await quick.until(({ values }) => values.length === 1);
  let most = 0;
  const looking = setInterval(() => (most = Math.max(most, world.realtime.backlog().bytes)), 1);
  await fillStream(world, total);
  await quick.until(({ values }) => values.length === total + 1);
  await eventually(() => (world.counts['closed backlog'] ?? 0) > 0);
  clearInterval(looking);
  expect(most).toBeGreaterThan(limit);
  // Each may have 64 KB; the first ones had their share before there was too much.
  expect(most).toBeLessThan(limit + (count + 1) * 140_000);
  for (const socket of slow) socket.ws.resume();
  await Promise.all(
    slow.map((socket) => socket.until(() => socket.closed !== undefined || hasCome(socket, total))),
  );
  expect(slow.some(({ closed }) => closed?.code === 1006)).toBe(true);
  for (const [index, socket] of slow.entries()) {
    const seqs = seqsOf(socket).slice(1);
    if (socket.closed) {
      const { client } = world.connect(members[index]?.token ?? '');
      const lastEventId = `1.${seqs.at(-1) ?? 0}`;
      const resumed = watchProject(client, world.projectId, { lastEventId });
      if (seqs.at(-1) !== total) await resumed.until(({ values }) => values.at(-1)?.seq === total);
      seqs.push(...resumed.seqs());
    }
    expect(seqs).toEqual(numbers(1, total));
    socket.ws.terminate();
  }
  await eventually(() => world.realtime.backlog().bytes === 0);
});

test('of many large snapshots on one connection no more are read than its reader takes', async () => {
  const count = 50;
  await using world = await startWorld({ settings: { SOCKET_QUEUE_BYTES: '65536' } });
  const socket = await RawSocket.signedIn(world.port, (await world.member('viewer')).token);
  begun.bulky = 0;
  socket.ws.pause();
  for (let id = 1; id <= count; id += 1) subscribe(socket, world, 'test.bulky', { bytes: 1_000_000 }, id);
  await eventually(() => world.realtime.backlog().readers === 1);
  await callTimes(world, 20);
  // The kernel's buffers take some megabytes; one more waits, and the others have not been read.
  expect(begun.bulky).toBeLessThan(count / 2);
  expect(world.realtime.subscriptions()).toBe(count);
  socket.ws.resume();
  await socket.until(({ frames }) => frames.length === 2 * count);
  expect(begun.bulky).toBe(count);
  expect(socket.messages().filter(({ result }) => result?.type === 'data')).toHaveLength(count);
  socket.ws.terminate();
});

test('a reader who takes nothing is cut off, one who takes little by little is not', async () => {
  await using world = await startWorld({
    settings: { SOCKET_PING_SECONDS: '1', SOCKET_PONG_SECONDS: '1', SOCKET_STALLED_SECONDS: '1' },
  });
  const members = [await world.member('viewer'), await world.member('viewer')];
  const [stuck, sipping] = (await Promise.all(
    members.map(({ token }) => RawSocket.signedIn(world.port, token)),
  )) as [RawSocket, RawSocket];
  for (const socket of [stuck, sipping]) {
    subscribe(socket, world);
    await socket.until(({ frames }) => frames.length === 2);
    socket.ws.pause();
  }
  await fillStream(world, 7000);
  await eventually(() => world.realtime.backlog().readers === 2);
  const sips = setInterval(() => {
    sipping.ws.resume();
    setImmediate(() => sipping.ws.pause());
  }, 300);
  await eventually(() => world.counts['closed stalled'] === 1);
  stuck.ws.resume();
  await stuck.until(({ closed }) => closed?.code === 1006);
  clearInterval(sips);
  expect(sipping.closed).toBeUndefined();
  sipping.ws.resume();
  await sipping.until(() => hasCome(sipping, 7000));
  expect(seqsOf(sipping).slice(1)).toEqual(numbers(1, 7000));
  sipping.ws.terminate();
});

test('a lane that nobody reads keeps the newest value of each key, and no other', async () => {
  await using world = await startWorld({ settings: { SOCKET_QUEUE_BYTES: '65536' } });
  const socket = await RawSocket.signedIn(world.port, (await world.member('viewer')).token);
  subscribe(socket, world, 'test.lane');
  await socket.until(({ frames }) => frames.length === 2);
  socket.ws.pause();
  // What fills the socket: the kernel takes some megabytes first.
  for (let id = 10; id < 30; id += 1) {
    const input = { json: { projectId: world.projectId, bytes: 1_000_000 } };
    socket.send({ id, method: 'query', params: { path: 'test.large', input } });
  }
  await eventually(() => world.realtime.backlog().readers === 1);
  for (let progress = 1; progress <= 300; progress += 1) {
    for (const jobId of ['a', 'b'])
      world.bus.publishLane(world.stream, 'jobs', jobId, { jobId, progress, updatedAt: new Date() });
  }
  await callTimes(world, 20);
  socket.ws.resume();
  const lane = () =>
    socket
      .messages()
      .flatMap(({ id, result }) =>
        id === 1 && result?.data ? [result.data.json as { jobId: string; progress: number }] : [],
      );
  const isNewest = (frame: string) => frame.includes('"progress":300');
  await socket.until(({ frames }) => frames.filter(isNewest).length === 2);
  expect(lane().length).toBeLessThan(12);
  socket.ws.terminate();
});
