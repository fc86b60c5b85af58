import pg from 'pg';
import { expect, test } from 'vitest';
import { toPgConfig } from '../../src/database/openDatabase.ts';
import { type World, eventually, numbers, watchProject, worldsOnOneDatabase } from './world.ts';

const startWorld = worldsOnOneDatabase();

async function client(world: World) {
  return world.connect((await world.member('viewer')).token);
}

test('a client that loses its socket again and again misses nothing and gets nothing twice', async () => {
  await using world = await startWorld();
  const { client: api, socket } = await client(world);
  const watching = watchProject(api, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  const so = { dropped: 0, written: 0 };
  const write = async () => {
    while (so.dropped < 4 || so.written < 200) {
      so.written += 5;
      await world.comment(5);
    }
  };
  const dropping = setInterval(() => {
    const { connection } = socket;
    if (connection?.state !== 'open') return;
    so.dropped += 1;
    connection.ws.close();
  }, 70);
  await Promise.all(Array.from({ length: 4 }, write));
  clearInterval(dropping);
  await watching.until(({ values }) => values.at(-1)?.seq === so.written);
  expect(watching.seqs()).toEqual(numbers(1, so.written));
  expect(watching.values.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
});

test('who resumes gets what came meanwhile, however much, and no snapshot', async () => {
  await using world = await startWorld();
  await world.comment(3);
  await world.database.reads.query(
    `with head as (update streams set seq = 1503 where stream = $1)
     insert into events (stream, seq, type, subject, payload, created_at) select $1, n, 'comment.added', 'thread:x', '{}', now() from generate_series(4, 1503) n`,
    [world.stream],
  );
  const { client: api } = await client(world);
  const watching = watchProject(api, world.projectId, { lastEventId: '1.2' });
  await watching.until(({ values }) => values.length === 1501);
  expect(watching.seqs()).toEqual(numbers(3, 1503));
  await world.comment();
  await watching.until(({ values }) => values.at(-1)?.seq === 1504);
});

test('who resumes at the head while others watch is served without reading the log', async () => {
  await using world = await startWorld({ sweepMs: 60_000 });
  const first = watchProject((await client(world)).client, world.projectId);
  await first.until(({ values }) => values.length === 1);
  await world.comment(5);
  await first.until(({ values }) => values.length === 6);
  const { reads } = world.hub.stats();
  const second = watchProject((await client(world)).client, world.projectId, { lastEventId: '1.2' });
  await second.until(({ values }) => values.length === 3);
  expect(second.seqs()).toEqual([3, 4, 5]);
  expect(world.hub.stats().reads).toBe(reads);
});

test('clients who come back together to a node that knows nothing yet share what it reads', async () => {
  await using world = await startWorld();
  await world.comment(60);
  const restarted = await world.addNode({ sweepMs: 60_000 });
  const cursors = Array.from({ length: 24 }, (_, index) => 40 + (index % 3));
  const { token } = await world.member('viewer');
  const watchings = cursors.map((cursor) => {
    const { client: api } = world.connect(token, { url: `ws://127.0.0.1:${restarted.port}/trpc` });
    return watchProject(api, world.projectId, { lastEventId: `1.${cursor}` });
  });
  await Promise.all(watchings.map((watching) => watching.until(({ values }) => values.at(-1)?.seq === 60)));
  for (const [index, watching] of watchings.entries())
    expect(watching.seqs()).toEqual(numbers((cursors[index] ?? 0) + 1, 60));
  // One for each cursor that was asked for before the first answer had come.
  expect(restarted.hub.stats().reads).toBeLessThanOrEqual(6);
});

test('a cursor of another epoch, or beyond the head, gets a resync with a new snapshot', async () => {
  await using world = await startWorld();
  await world.comment(2);
  const { client: api } = await client(world);
  const beyond = watchProject(api, world.projectId, { lastEventId: '1.7' });
  await beyond.until(({ values }) => values.length === 1);
  expect(beyond.values[0]).toEqual({ type: 'resync', reason: 'epoch', seq: 2, count: 2 });
  await world.database.reads.query('update streams set epoch = 2');
  const older = watchProject(api, world.projectId, { lastEventId: '1.2' });
  await older.until(({ values }) => values.length === 1);
  expect(older.values[0]).toEqual({ type: 'resync', reason: 'epoch', seq: 2, count: 2 });
  expect(older.ids).toEqual(['2.2']);
  await beyond.until(({ values }) => values.length === 2);
  await world.comment();
  await Promise.all(
    [older, beyond].map((watching) => watching.until(({ values }) => values.at(-1)?.seq === 3)),
  );
});

test('a cursor whose events retention has dropped gets a resync, one at their edge a replay', async () => {
  await using world = await startWorld();
  await world.comment(6);
  await world.database.reads.query('delete from events where seq <= 3');
  const { client: api } = await client(world);
  const beyond = watchProject(api, world.projectId, { lastEventId: '1.2' });
  const edge = watchProject(api, world.projectId, { lastEventId: '1.3' });
  await beyond.until(({ values }) => values.length === 1);
  await edge.until(({ values }) => values.length === 3);
  expect(beyond.values[0]).toEqual({ type: 'resync', reason: 'retention', seq: 6, count: 3 });
  expect(edge.seqs()).toEqual([4, 5, 6]);
  await world.comment();
  await Promise.all(
    [beyond, edge].map((watching) => watching.until(({ values }) => values.at(-1)?.seq === 7)),
  );
});

test('a live watcher is told to start anew when the stream itself does', async () => {
  await using world = await startWorld({ sweepMs: 100 });
  await world.comment(5);
  const watching = watchProject((await client(world)).client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  await world.database.reads.query('delete from events where seq > 2');
  await world.database.reads.query('update streams set epoch = 2, seq = 2');
  await watching.until(({ values }) => values.length === 2);
  expect(watching.values[1]).toEqual({ type: 'resync', reason: 'epoch', seq: 2, count: 2 });
  await world.comment();
  await watching.until(({ values }) => values.at(-1)?.seq === 3);
});

test('a cursor that no subscription gave out is refused', async () => {
  await using world = await startWorld();
  const { client: api } = await client(world);
  for (const lastEventId of ['', '7', '1.', 'a.b', '1.2.3', '-1.2', '1.99999999999999999999']) {
    const watching = watchProject(api, world.projectId, { lastEventId });
    await watching.until(({ error }) => error !== undefined);
    expect(watching.error?.data?.code).toBe('CURSOR_INVALID');
  }
  expect(world.hub.stats().logs).toBe(0);
});

test('while the database is away subscriptions wait, and then go on without a hole', async () => {
  await using world = await startWorld({ sweepMs: 50 });
  const { client: api } = await client(world);
  const watching = watchProject(api, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  const { reads } = world.database;
  const query = reads.query.bind(reads);
  const connect = reads.connect.bind(reads);
  const broken = () =>
    Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  reads.query = broken;
  reads.connect = broken;
  await world.comment(3);
  const late = watchProject(api, world.projectId);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([watching, late].map(({ values, error }) => [values.length, error])).toEqual([
    [1, undefined],
    [0, undefined],
  ]);
  reads.query = query;
  reads.connect = connect;
  await watching.until(({ values }) => values.length === 4);
  await late.until(({ values }) => values.length === 1);
  expect(watching.seqs()).toEqual([1, 2, 3]);
  expect(late.values[0]).toMatchObject({ type: 'snapshot', seq: 3 });
  await eventually(() => world.hub.stats().logs === 2);
});

test('connections to the database that are cut again and again cost time, not events', async () => {
  await using world = await startWorld({ sweepMs: 100 });
  const watchings = [];
  for (let n = 0; n < 4; n += 1) watchings.push(watchProject((await client(world)).client, world.projectId));
  await Promise.all(watchings.map((watching) => watching.until(({ values }) => values.length === 1)));
  const writing = Promise.all(Array.from({ length: 4 }, () => world.comment(60)));
  const knife = new pg.Client(toPgConfig(world.database.connection));
  await knife.connect();
  for (let cut = 0; cut < 8; cut += 1) {
    await knife.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name in ('tessera reads', 'tessera bus') and datname = current_database()`,
    );
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await knife.end();
  await writing;
  for (const watching of watchings) {
    await watching.until(({ values, error }) => error !== undefined || values.at(-1)?.seq === 240);
    expect(watching.seqs()).toEqual(numbers(1, 240));
  }
});
