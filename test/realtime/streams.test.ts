import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type World, collect, eventually, numbers, watchProject, worldsOnOneDatabase } from './world.ts';

const startWorld = worldsOnOneDatabase();

async function watcher(world: World, role = 'viewer') {
  const member = await world.member(role);
  const connection = world.connect(member.token);
  return { member, ...connection };
}

test('a watcher first gets a snapshot, then every event after it, with dates as dates', async () => {
  await using world = await startWorld();
  await world.comment(3);
  const { client } = await watcher(world);
  const watching = watchProject(client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  await world.comment(2);
  await watching.until(({ values }) => values.length === 3);
  expect(watching.values[0]).toEqual({ type: 'snapshot', seq: 3, count: 3 });
  expect(watching.ids).toEqual(['1.3', '1.4', '1.5']);
  const event = watching.values[1] as { payload: { createdAt: unknown }; createdAt: unknown };
  expect(event).toMatchObject({ type: 'comment.added', seq: 4, mutationId: null });
  expect(event.createdAt).toBeInstanceOf(Date);
  expect(event.payload.createdAt).toBeInstanceOf(Date);
  expect(event).not.toHaveProperty('stream');
});

test('under concurrent writers every watcher gets each event once and in order, whenever it came', async () => {
  await using world = await startWorld();
  const total = 20 * 20;
  const writing = Promise.all(Array.from({ length: 20 }, () => world.comment(20)));
  const watchings = [];
  for (let n = 0; n < 8; n += 1) {
    const { client } = await watcher(world);
    watchings.push(watchProject(client, world.projectId));
  }
  await writing;
  for (const watching of watchings) {
    await watching.until(({ values }) => values.at(-1)?.seq === total);
    const [snapshot] = watching.values;
    expect(snapshot).toMatchObject({ type: 'snapshot', count: snapshot?.seq });
    expect(watching.seqs()).toEqual(numbers((snapshot?.seq ?? 0) + 1, total));
  }
  const reads = world.hub.stats().reads;
  expect(reads).toBeLessThan(total + 8 * 5);
});

test('a subscription to one thread sees that thread alone, with the cursor of the project', async () => {
  await using world = await startWorld();
  const threadId = randomUUID();
  const { client } = await watcher(world);
  const watching = watchProject(client, world.projectId, { threadId });
  await watching.until(({ values }) => values.length === 1);
  await world.comment(2);
  await world.comment(1, threadId);
  await watching.until(({ values }) => values.length === 2);
  expect(watching.ids).toEqual(['1.0', '1.3']);
});

test('events whose kind a watcher could not list are not shown to them', async () => {
  await using world = await startWorld();
  await world.database.reads.query(`update projects set visibility = 'public' where id = $1`, [
    world.projectId,
  ]);
  const guest = watchProject((await watcher(world, '')).client, world.projectId);
  const viewer = watchProject((await watcher(world)).client, world.projectId);
  await Promise.all([guest, viewer].map((watching) => watching.until(({ values }) => values.length === 1)));
  await world.queueJob();
  await world.comment();
  await Promise.all(
    [guest, viewer].map((watching) => watching.until(({ values }) => values.at(-1)?.seq === 2)),
  );
  expect(viewer.seqs()).toEqual([1, 2]);
  expect(guest.seqs()).toEqual([2]);
});

test('an idle filtered subscription is told now and then how far its stream has come', async () => {
  await using world = await startWorld();
  const { client } = await watcher(world);
  const watching = watchProject(client, world.projectId, { threadId: randomUUID() });
  await watching.until(({ values }) => values.length === 1);
  await world.database.reads.query(
    `with head as (insert into streams (stream, seq) values ($1, 1500))
     insert into events (stream, seq, type, subject, payload, created_at) select $1, n, 'comment.added', 'thread:x', '{}', now() from generate_series(1, 1500) n`,
    [world.stream],
  );
  world.bus.publishHint(world.stream, 1500);
  await watching.until(({ values }) => values.length === 2);
  expect(watching.values[1]).toMatchObject({ type: 'checkpoint' });
  expect(watching.values[1]?.seq).toBeGreaterThanOrEqual(1000);
  expect(watching.ids[1]).toBe(`1.${watching.values[1]?.seq}`);
});

test('each event is read once, however many watch it on a node', async () => {
  await using world = await startWorld({ sweepMs: 60_000 });
  const watchings = [];
  for (let n = 0; n < 20; n += 1)
    watchings.push(watchProject((await watcher(world)).client, world.projectId));
  await Promise.all(watchings.map((watching) => watching.until(({ values }) => values.length === 1)));
  const before = world.hub.stats().reads;
  for (let n = 1; n <= 5; n += 1) {
    await world.comment();
    await Promise.all(watchings.map((watching) => watching.until(({ values }) => values.at(-1)?.seq === n)));
  }
  expect(world.hub.stats().reads - before).toBe(5);
  expect(world.hub.stats()).toMatchObject({ streams: 1, logs: 20, delivered: 100 });
});

test('one sweep brings what hints that were lost told of, and until then nothing comes', async () => {
  let sweep = () => {};
  await using world = await startWorld({
    hubBus: (bus) => ({
      ...bus,
      onHint: () => () => {},
      onLane: () => () => {},
      onEpoch: () => () => {},
      onReconnect: (reconnected) => {
        sweep = reconnected;
        return () => {};
      },
    }),
    sweepMs: 3_600_000,
  });
  const { client } = await watcher(world);
  const watching = watchProject(client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  await world.comment(3);
  expect(watching.values).toHaveLength(1);
  sweep();
  await watching.until(({ values }) => values.length === 4);
  expect(watching.seqs()).toEqual([1, 2, 3]);
});

test('an event whose hint was lost arrives with the next sweep', async () => {
  await using world = await startWorld({
    hubBus: (bus) => ({
      ...bus,
      onHint: () => () => {},
      onLane: () => () => {},
      onEpoch: () => () => {},
      onReconnect: () => () => {},
    }),
    sweepMs: 200,
  });
  const { client } = await watcher(world);
  const watching = watchProject(client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  await world.comment(3);
  await watching.until(({ values }) => values.length === 4);
  expect(watching.seqs()).toEqual([1, 2, 3]);
});

test('an event committed on one node reaches the watchers of another', async () => {
  await using world = await startWorld();
  const other = await world.addNode({ sweepMs: 60_000 });
  const { token } = await world.member('viewer');
  const { client } = world.connect(token, { url: `ws://127.0.0.1:${other.port}/trpc` });
  const watching = watchProject(client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  await world.comment(10);
  await watching.until(({ values }) => values.length === 11);
  expect(watching.seqs()).toEqual(numbers(1, 10));
});

test('latest values come as they stand first, then as they change, and the last one always', async () => {
  await using world = await startWorld();
  const other = await world.addNode();
  const { token } = await world.member('viewer');
  const { client } = world.connect(token, { url: `ws://127.0.0.1:${other.port}/trpc` });
  const watching = collect((options) =>
    client.test.lane.subscribe({ projectId: world.projectId }, options as never),
  );
  await watching.until(({ values }) => values.length === 1);
  for (let progress = 1; progress <= 100; progress += 1) {
    world.bus.publishLane(world.stream, 'jobs', 'a', { jobId: 'a', progress, updatedAt: new Date() });
  }
  world.bus.publishLane(world.stream, 'others', 'a', { jobId: 'a', progress: 1000, updatedAt: new Date() });
  await watching.until(({ values }) => values.at(-1)?.['progress'] === 100);
  expect(watching.values.length).toBeLessThanOrEqual(4);
  expect(watching.values.at(-1)?.['updatedAt']).toBeInstanceOf(Date);
  expect(watching.ids.every((id) => id === undefined)).toBe(true);
});

test('who unsubscribes is forgotten by the hub', async () => {
  await using world = await startWorld();
  const { client } = await watcher(world);
  const watching = watchProject(client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  watching.stop();
  await eventually(() => world.hub.stats().logs === 0);
  expect(world.hub.stats().streams).toBe(0);
  expect(world.realtime.subscriptions()).toBe(0);
});
