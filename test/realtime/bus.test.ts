import pg from 'pg';
import pino from 'pino';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import type { Bus, LaneValue } from '../../src/bus/Bus.ts';
import { LaneThrottle } from '../../src/bus/LaneThrottle.ts';
import { encodeLane, packMessages, readMessage } from '../../src/bus/busMessage.ts';
import { openBus } from '../../src/bus/openBus.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';
import { eventually } from './world.ts';

const log = pino({ level: 'silent' });

async function twoNodes(): Promise<{ database: TestDatabase; a: Bus; b: Bus } & AsyncDisposable> {
  const database = await createDatabase(inject('cluster'));
  const [a, b] = [
    await openBus({ connection: database.connection, log }),
    await openBus({ connection: database.connection, log }),
  ];
  return {
    database,
    a,
    b,
    async [Symbol.asyncDispose]() {
      await Promise.all([a.close(), b.close()]);
      await database.drop();
    },
  };
}

function hintsOf(bus: Bus): [string, number][] {
  const heard: [string, number][] = [];
  bus.onHint((stream, seq) => heard.push([stream, seq]));
  return heard;
}

test('a hint is heard here at once and on other nodes soon, once on each', async () => {
  await using nodes = await twoNodes();
  const [here, there] = [hintsOf(nodes.a), hintsOf(nodes.b)];
  nodes.a.publishHint('project:1', 7);
  expect(here).toEqual([['project:1', 7]]);
  await eventually(() => there.length > 0);
  nodes.b.publishHint('project:2', 1);
  await eventually(() => here.length > 1);
  expect(there).toEqual([
    ['project:1', 7],
    ['project:2', 1],
  ]);
  expect(here).toEqual([
    ['project:1', 7],
    ['project:2', 1],
  ]);
});

test('many hints of one moment travel together, the newest of each stream', async () => {
  await using nodes = await twoNodes();
  const there = hintsOf(nodes.b);
  const client = new pg.Client(nodes.database.connection);
  await client.connect();
  let notifications = 0;
  client.on('notification', () => (notifications += 1));
  await client.query('listen tessera_bus');
  for (let seq = 1; seq <= 1000; seq += 1) nodes.a.publishHint(`project:${seq % 50}`, seq);
  await eventually(() => there.length === 50);
  expect(there.map(([, seq]) => seq).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 50 }, (_, index) => 951 + index),
  );
  expect(notifications).toBe(1);
  await client.end();
});

test('a connection that breaks comes back by itself, tells so, and what waited is sent', async () => {
  await using nodes = await twoNodes();
  const there = hintsOf(nodes.b);
  let back = 0;
  for (const bus of [nodes.a, nodes.b]) bus.onReconnect(() => (back += 1));
  const client = new pg.Client(nodes.database.connection);
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tessera bus' and datname = current_database()`,
  );
  await eventually(() => !nodes.a.isConnected && !nodes.b.isConnected);
  await eventually(() => back === 2);
  nodes.a.publishHint('project:1', 1);
  await eventually(() => there.length === 1);
  expect(there).toEqual([['project:1', 1]]);
  await client.end();
});

test('an epoch that moves is heard on every node, whoever moves it, and after the connection broke too', async () => {
  await using nodes = await twoNodes();
  const heard: string[][] = [[], []];
  for (const [index, bus] of [nodes.a, nodes.b].entries())
    bus.onEpoch((name, epoch) => heard[index]?.push(`${name} ${epoch}`));
  const client = new pg.Client(nodes.database.connection);
  await client.connect();
  const move = async (name: string) => {
    const { rows } = await client.query<{ epoch: string }>(
      'update authz_epochs set epoch = epoch + 1 where name = $1 returning epoch',
      [name],
    );
    const expected = `${name} ${rows[0]?.epoch}`;
    await eventually(() => heard.every((lines) => lines.at(-1) === expected));
  };
  await move('access');
  await move('policy');
  let back = 0;
  for (const bus of [nodes.a, nodes.b]) bus.onReconnect(() => (back += 1));
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tessera bus' and datname = current_database()`,
  );
  await eventually(() => back === 2);
  await move('access');
  expect(heard.map((lines) => lines.length)).toEqual([3, 3]);
  await client.end();
});

test('messages of strangers on the channel are ignored', async () => {
  await using nodes = await twoNodes();
  const there = hintsOf(nodes.b);
  const client = new pg.Client(nodes.database.connection);
  await client.connect();
  for (const payload of [
    '',
    '{}',
    'null',
    '{"v":2,"node":"x","hints":[["project:1",1]],"lanes":[]}',
    '{"v":1,"node":"x","hints":[["table:1",1]],"lanes":[]}',
  ]) {
    await client.query(`select pg_notify('tessera_bus', $1)`, [payload]);
  }
  await client.end();
  nodes.a.publishHint('project:1', 1);
  await eventually(() => there.length > 0);
  expect(there).toEqual([['project:1', 1]]);
});

test('whatever is packed is read again, and no message is too long for NOTIFY', () => {
  const stream = fc.uuid().map((id) => `project:${id}` as const);
  const lane: fc.Arbitrary<LaneValue> = fc.record({
    stream,
    lane: fc.string(),
    key: fc.string({ unit: 'binary' }),
    value: fc.record({
      text: fc.string({ unit: 'binary', maxLength: 600 }),
      n: fc.integer(),
      updatedAt: fc.date({ noInvalidDate: true }),
    }),
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(stream, fc.nat()), { maxLength: 300 }),
      fc.array(lane, { maxLength: 30 }),
      (hints, lanes) => {
        const texts = lanes.map((value) => encodeLane(value)).filter((text) => text !== undefined);
        const messages = packMessages('0'.repeat(36), hints, texts);
        for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThan(8000);
        const read = messages.map((message) => readMessage(message));
        expect(read.flatMap((message) => message?.hints)).toEqual(hints);
        expect(read.flatMap((message) => message?.lanes)).toEqual(lanes);
      },
    ),
    { numRuns: 50 },
  );
  expect(
    encodeLane({ stream: 'project:1', lane: 'l', key: 'k', value: { text: 'x'.repeat(8000) } }),
  ).toBeUndefined();
});

test('of a burst of values the first leaves at once, few in between, the last always', async () => {
  const sent: unknown[] = [];
  const throttle = new LaneThrottle(20, ({ value }) => sent.push((value as { n: number }).n));
  const publish = (key: string, n: number) =>
    throttle.publish({ stream: 'project:1', lane: 'l', key, value: { n } });
  for (let n = 1; n <= 50; n += 1) publish('a', n);
  expect(sent).toEqual([1]);
  await eventually(() => sent.length === 2);
  expect(sent).toEqual([1, 50]);
  publish('b', 100);
  publish('b', 101);
  throttle.flush();
  expect(sent).toEqual([1, 50, 100, 101]);
});
