import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { addEventPartitions } from '../../src/database/addEventPartitions.ts';
import { type Reader, dropEventPartitions } from '../../src/database/dropEventPartitions.ts';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { makeFollowers } from '../../src/jobs/followers/makeFollowers.ts';
import { recurring } from '../../src/jobs/recurring.ts';
import { type World, startWorld, watchProject } from '../realtime/world.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';

const now = new Date('2026-03-21T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const reader: Reader = { name: 'reader', streams: 'project:' };

let testDatabase: TestDatabase;
let database: Database;
const sql = async <R extends object>(text: string, values: unknown[] = []) =>
  (await database.reads.query<R & Record<string, unknown>>(text, values)).rows as R[];
const drop = (readers: Reader[] = [], days = 7) =>
  dropEventPartitions(database.reads, { days, readers, now });
const names = async () =>
  (
    await sql<{ name: string }>(
      `select tableoid::regclass::text || ' ' || stream || ' ' || seq as name from events order by created_at, stream`,
    )
  ).map(({ name }) => name);
/** An event of so many days ago, the next in its stream. */
async function addEvent(days: number, stream = 'project:1'): Promise<void> {
  await sql(
    `with head as (
      insert into streams as s (stream, seq) values ($1, 1)
      on conflict (stream) do update set seq = s.seq + 1 returning seq
    )
    insert into events (stream, seq, type, subject, payload, created_at)
    select $1, seq, 'comment.added', 'thread:x', '{}', $2 from head`,
    [stream, daysAgo(days)],
  );
}
const readTo = (stream: string, seq: number) =>
  sql(
    `insert into follower_cursors (follower, stream, seq) values ('reader', $1, $2)
    on conflict (follower, stream) do update set seq = excluded.seq`,
    [stream, seq],
  );

beforeEach(async () => {
  testDatabase = await createDatabase(inject('cluster'));
  database = await openDatabase(testDatabase.connection, { poolSize: 4, onPoolError: () => {} });
});
afterEach(async () => {
  await database.close();
  await testDatabase.drop();
});

describe('old events', () => {
  test('go by whole days, from the first day that ended long enough ago', async () => {
    for (const days of [10, 9, 8, 7, 6]) await addEventPartitions(database.reads, daysAgo(days));
    for (const days of [10, 9, 8, 7.4, 6, 0]) await addEvent(days);
    const { dropped, kept } = await drop();
    expect([dropped, kept]).toEqual([['events_20260311', 'events_20260312', 'events_20260313'], []]);
    expect(await names()).toEqual([
      'events_20260314 project:1 4',
      'events_20260315 project:1 5',
      'events_20260321 project:1 6',
    ]);
    expect(await drop()).toEqual({ dropped: [], kept: [] });
  });

  test('go from the default partition too', async () => {
    for (const days of [9, 8, 6]) await addEvent(days);
    expect((await names()).map((name) => name.split(' ')[0])).toEqual(Array(3).fill('events_default'));
    await drop();
    expect(await names()).toEqual(['events_default project:1 3']);
  });

  test('stay until every follower has read them, and so do all days after; it is said who is behind', async () => {
    for (const days of [10, 9, 8]) await addEventPartitions(database.reads, daysAgo(days));
    for (const days of [10, 9, 8]) await addEvent(days);
    await addEvent(10, 'user:1');
    await readTo('project:1', 1);
    expect(await drop([reader])).toEqual({
      dropped: ['events_20260311'],
      kept: [
        { partition: 'events_20260312', because: 'reader has not read project:1 so far' },
        { partition: 'events_20260313', because: 'events_20260312 before it is kept' },
      ],
    });
    await readTo('project:1', 3);
    expect((await drop([reader])).dropped).toEqual(['events_20260312', 'events_20260313']);
  });

  test('of a follower that never ran, and of the default partition, stay too; of a purged stream nobody needs them', async () => {
    await addEvent(9);
    expect((await drop([reader])).kept).toEqual([
      { partition: 'events_default', because: 'reader has not read project:1 so far' },
    ]);
    expect(await names()).toHaveLength(1);
    await sql('delete from streams');
    await drop([reader]);
    expect(await names()).toEqual([]);
  });

  test('in use by a long statement are left for the next time, and nobody waits long', async () => {
    await addEventPartitions(database.reads, daysAgo(10));
    await addEvent(10);
    const client = await database.reads.connect();
    await client.query('begin');
    await client.query('select count(*) from events');
    expect((await drop()).kept).toContainEqual({ partition: 'events_20260311', because: 'it was in use' });
    await client.query('rollback');
    client.release();
    expect((await drop()).dropped).toContain('events_20260311');
  });
});

test('a recurring job drops them, and knows every follower', async () => {
  const job = recurring.find(({ name }) => name === 'events.expire');
  const warned: object[] = [];
  const log = { info: () => {}, warn: (entry: object) => warned.push(entry) };
  await sql(`insert into streams (stream, seq) values ('project:1', 1)`);
  await sql(
    `insert into events (stream, seq, type, subject, payload, created_at) values ('project:1', 1, 'comment.added', 'x', '{}', now() - interval '100 days')`,
  );
  const tools = { reads: database.reads, settings: { EVENT_RETENTION_DAYS: 90 }, log };
  const run = () => job?.run(tools as never);
  for (const { name } of makeFollowers(() => {})) {
    await run();
    expect(warned.pop()).toMatchObject({ because: `${name} has not read project:1 so far` });
    await sql(`insert into follower_cursors (follower, stream, seq) values ($1, 'project:1', 1)`, [name]);
  }
  await run();
  expect([warned, await names()]).toEqual([[], []]);
});

describe('who comes back', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ sweepMs: 100 });
  });
  afterEach(() => world[Symbol.asyncDispose]());

  test('with a cursor older than what is kept gets a new snapshot and nothing of the past; at the edge, all that follows', async () => {
    const { reads } = world.database;
    await world.comment(4);
    await addEventPartitions(reads, daysAgo(20));
    await reads.query(`update events set created_at = $1 where seq <= 2`, [daysAgo(20)]);
    const { dropped } = await dropEventPartitions(reads, { days: 7, readers: [], now });
    expect(dropped).toContain('events_20260301');
    const { client } = world.connect((await world.member('viewer')).token);
    const old = watchProject(client, world.projectId, { lastEventId: '1.1' });
    const edge = watchProject(client, world.projectId, { lastEventId: '1.2' });
    await old.until(({ values }) => values.length === 1);
    await edge.until(({ values }) => values.length === 2);
    expect(old.values[0]).toMatchObject({ type: 'resync', reason: 'retention', seq: 4 });
    expect(edge.seqs()).toEqual([3, 4]);
    expect(world.hub.stats().resyncs).toBe(1);
  });

  test('gets a new snapshot too where an event in the middle is gone, the clock having been set back over midnight', async () => {
    const { reads } = world.database;
    await world.comment(5);
    await reads.query('delete from events where seq = 3');
    const { client } = world.connect((await world.member('viewer')).token);
    const watching = watchProject(client, world.projectId, { lastEventId: '1.1' });
    await watching.until(({ values }) => values.length === 1);
    expect(watching.values[0]).toMatchObject({ type: 'resync', reason: 'retention', seq: 5 });
    expect(watching.seqs()).toEqual([]);
  });
});
