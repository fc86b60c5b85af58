import pg from 'pg';
import pino from 'pino';
import fc from 'fast-check';
import { connect as connectNats } from '@nats-io/transport-node';
import { type TestContext, afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Bus, LaneValue } from '../../src/bus/Bus.ts';
import { LaneThrottle } from '../../src/bus/LaneThrottle.ts';
import { encodeLane, packMessages, readMessage } from '../../src/bus/busMessage.ts';
import { openBus } from '../../src/bus/openBus.ts';
import { readDatabaseSpace } from '../../src/bus/readDatabaseSpace.ts';
import { readBusUrl } from '../../src/readBusUrl.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';
import { type NatsServer, noNats, startNats } from '../support/natsServer.ts';
import { openPartableProxy } from '../support/partableProxy.ts';
import { eventually } from './world.ts';

const log = pino({ level: 'silent' });

let nats: NatsServer | undefined;
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(inject('cluster'));
  if (noNats === undefined) nats = await startNats();
  else process.stderr.write(`${noNats}\n`);
});
afterAll(async () => {
  await nats?.kill();
  await database.drop();
});

type Kind = 'PostgreSQL' | 'NATS';
const kinds: Kind[] = ['PostgreSQL', 'NATS'];

interface Nodes extends AsyncDisposable {
  client: pg.Client;
  a: Bus;
  b: Bus;
  /** Says something on the bus as a stranger would. */
  shout(text: string): Promise<void>;
  /** Breaks the connection of both; `mend` lets them come back. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

async function twoNodes(kind: Kind, context: TestContext, on = database): Promise<Nodes> {
  if (kind === 'NATS' && noNats !== undefined) context.skip(noNats);
  const target = kind === 'NATS' ? readBusUrl(nats?.url ?? '') : undefined;
  const { connection } = on;
  const proxy = await openPartableProxy(on);
  const open = () => openBus({ connection: { url: proxy.url }, log, target });
  const [a, b] = [await open(), await open()];
  const client = new pg.Client(connection);
  await client.connect();
  return {
    client,
    a,
    b,
    async shout(text) {
      if (!target) return void (await client.query(`select pg_notify('tessera_bus', $1)`, [text]));
      const stranger = await connectNats({ servers: nats?.url ?? '' });
      const prefix = `tessera.${await readDatabaseSpace(connection)}`;
      for (const topic of ['hint.project.1', 'lane.project.1.jobs'])
        stranger.publish(`${prefix}.${topic}`, text);
      await stranger.drain();
    },
    async cut() {
      if (target) await nats?.kill();
      else proxy.cut();
    },
    async mend() {
      if (target) await nats?.start();
      else proxy.mend();
    },
    async [Symbol.asyncDispose]() {
      await client.end();
      await Promise.all([a.close(), b.close()]);
      await proxy[Symbol.asyncDispose]();
    },
  };
}

/** Of `acquaint`, below: not part of what is tested. */
const greeting = 'user:acquaint';

function hintsOf(bus: Bus): [string, number][] {
  const heard: [string, number][] = [];
  bus.onHint((stream, seq) => {
    if (stream !== greeting) heard.push([stream, seq]);
  });
  return heard;
}

/** Waits until what `a` says of any stream is heard at `b`: interests reach a NATS server a moment later. */
async function acquaint({ a, b }: Nodes): Promise<void> {
  let isHeard = false;
  const end = b.onHint(() => (isHeard = true), 'user:');
  await eventually(() => {
    a.publishHint(greeting, 1);
    return isHeard;
  });
  end();
}

describe.each(kinds)('the bus over %s', (kind) => {
  test('a hint is heard here at once and on other nodes soon, once on each', async (context) => {
    await using nodes = await twoNodes(kind, context);
    const [here, there] = [hintsOf(nodes.a), hintsOf(nodes.b)];
    await acquaint(nodes);
    nodes.a.publishHint('project:1', 7);
    expect(here).toEqual([['project:1', 7]]);
    await eventually(() => there.length > 0);
    nodes.b.publishHint('project:2', 1);
    await eventually(() => here.length > 1);
    const both = [
      ['project:1', 7],
      ['project:2', 1],
    ];
    expect(there).toEqual(both);
    expect(here).toEqual(both);
  });

  test('of many hints of one moment the newest of each stream is heard', async (context) => {
    await using nodes = await twoNodes(kind, context);
    await acquaint(nodes);
    const there = new Map<string, number[]>();
    nodes.b.onHint((stream, seq) => there.set(stream, [...(there.get(stream) ?? []), seq]), 'project:');
    await acquaint(nodes);
    for (let seq = 1; seq <= 1000; seq += 1) nodes.a.publishHint(`project:${seq % 50}`, seq);
    await eventually(() => there.size === 50);
    expect([...there.values()].flat().toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, index) => 951 + index),
    );
  });

  test('a listener hears the streams and lanes that it asked for, and after its end nothing', async (context) => {
    await using nodes = await twoNodes(kind, context);
    const heard: string[] = [];
    const { a, b } = nodes;
    const ends = [
      b.onHint((stream, seq) => heard.push(`one ${stream} ${seq}`), 'project:1'),
      b.onHint((stream, seq) => heard.push(`projects ${stream} ${seq}`), 'project:'),
      b.onHint((stream, seq) => {
        if (stream !== greeting) heard.push(`all ${stream} ${seq}`);
      }),
      b.onLane(({ stream, lane, key }) => heard.push(`lanes of one ${stream} ${lane} ${key}`), {
        streams: 'project:1',
      }),
      b.onLane(({ stream, lane, key }) => heard.push(`one lane ${stream} ${lane} ${key}`), {
        lane: 'a lane.of*my>own',
      }),
    ];
    await acquaint(nodes);
    a.publishHint('project:1', 1);
    a.publishHint('project:2', 2);
    a.publishHint('user:1', 3);
    a.publishLane('project:1', 'jobs', 'x', {});
    a.publishLane('project:2', 'jobs', 'y', {});
    a.publishLane('user:3', 'a lane.of*my>own', 'z', {});
    await eventually(() => heard.length >= 8);
    expect(heard.toSorted()).toEqual([
      'all project:1 1',
      'all project:2 2',
      'all user:1 3',
      'lanes of one project:1 jobs x',
      'one lane user:3 a lane.of*my>own z',
      'one project:1 1',
      'projects project:1 1',
      'projects project:2 2',
    ]);
    for (const end of ends) end();
    await acquaint(nodes);
    a.publishHint('project:1', 9);
    await acquaint(nodes);
    expect(heard).toHaveLength(8);
  });

  test('a latest value arrives as it was sent, its moments as Dates', async (context) => {
    await using nodes = await twoNodes(kind, context);
    const values: LaneValue[] = [];
    nodes.b.onLane((value) => values.push(value), { streams: 'project:1', lane: 'jobs' });
    await acquaint(nodes);
    const value = { text: 'ü', nested: [{ n: 1 }], updatedAt: new Date(5) };
    nodes.a.publishLane('project:1', 'jobs', 'k', value);
    await eventually(() => values.length > 0);
    expect(values).toEqual([{ stream: 'project:1', lane: 'jobs', key: 'k', value }]);
  });

  test('a connection that breaks comes back by itself, tells so, and what waited is sent', async (context) => {
    await using nodes = await twoNodes(kind, context);
    await acquaint(nodes);
    const there: [string, number][] = [];
    nodes.b.onHint((stream, seq) => there.push([stream, seq]), 'project:');
    let back = 0;
    for (const bus of [nodes.a, nodes.b]) bus.onReconnect(() => (back += 1));
    await nodes.cut();
    await eventually(() => !nodes.a.isConnected && !nodes.b.isConnected);
    expect(Object.values(nodes.a.state().links)).toContain(false);
    nodes.a.publishHint('project:1', 1);
    await nodes.mend();
    await eventually(() => back === 2);
    expect(Object.values(nodes.a.state().links)).not.toContain(false);
    nodes.a.publishHint('project:1', 2);
    await eventually(() => there.some(([, seq]) => seq === 2));
    const { sent } = nodes.a.state();
    expect(sent).toBeGreaterThan(0);
    expect(nodes.b.state().received).toBeGreaterThan(0);
  });

  test('an epoch that moves is heard on every node, whoever moves it, and after the connection broke too', async (context) => {
    await using nodes = await twoNodes(kind, context);
    const heard: string[][] = [[], []];
    for (const [index, bus] of [nodes.a, nodes.b].entries())
      bus.onEpoch((name, epoch) => heard[index]?.push(`${name} ${epoch}`));
    const { client } = nodes;
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
    // Whatever the bus, epochs come over PostgreSQL.
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tessera bus' and datname = current_database()`,
    );
    await eventually(() => back === 2);
    await move('access');
    expect(heard.map((lines) => lines.length)).toEqual([3, 3]);
  });

  test('whatever strangers say is ignored, and counted', async (context) => {
    await using nodes = await twoNodes(kind, context);
    await acquaint(nodes);
    const heard: string[] = [];
    nodes.b.onHint((stream, seq) => heard.push(`${stream} ${seq}`), 'project:1');
    nodes.b.onLane(({ key }) => heard.push(key), { streams: 'project:1' });
    await acquaint(nodes);
    const ignored = nodes.b.state().ignored;
    const hostile = [
      '',
      '{}',
      'null',
      '[]',
      '{"v":1',
      '['.repeat(7_000),
      '{"v":2,"node":"x","hints":[["project:1",1]],"lanes":[]}',
      '{"v":1,"node":"x","hints":[["table:1",1]],"lanes":[]}',
      '{"v":1,"node":"x","hints":[["project:1",-1]],"lanes":[]}',
      '{"v":1,"node":"x","hints":[["project:1",1e300]],"lanes":[]}',
      '{"v":1,"node":"x","hints":[["project:1","1"]],"lanes":[]}',
      '{"v":1,"node":"x","hints":[],"lanes":[["project:1","jobs","k",null]]}',
      '{"v":1,"node":"x","hints":{},"lanes":[["project:1","jobs","k",{}]]}',
      ...(kind === 'NATS'
        ? [`{"v":1,"node":"x","hints":[["project:1",1]],"lanes":[],"x":"${'x'.repeat(500_000)}"}`]
        : []),
    ];
    for (const text of hostile) await nodes.shout(text);
    const times = kind === 'NATS' ? 2 : 1;
    await eventually(() => nodes.b.state().ignored === ignored + times * hostile.length);
    nodes.a.publishHint('project:1', 1);
    await eventually(() => heard.length > 0);
    expect(heard).toEqual(['project:1 1']);
  });

  test('a listener that fails at a value of a stranger ends nothing', async (context) => {
    await using nodes = await twoNodes(kind, context);
    const { a, b } = nodes;
    let calls = 0;
    b.onLane(({ value }) => {
      calls += 1;
      (value as { at: { getTime(): number } }).at.getTime();
    });
    await acquaint(nodes);
    await nodes.shout('{"v":1,"node":"x","hints":[],"lanes":[["project:1","jobs","k",{"at":1}]]}');
    await eventually(() => calls > 0);
    const heard = hintsOf(b);
    await acquaint(nodes);
    a.publishHint('project:1', 1);
    await eventually(() => heard.length > 0);
    expect(heard).toEqual([['project:1', 1]]);
  });
});

test('over PostgreSQL all hints of one moment travel in one notification', async (context) => {
  await using nodes = await twoNodes('PostgreSQL', context);
  let notifications = 0;
  nodes.client.on('notification', () => (notifications += 1));
  await nodes.client.query('listen tessera_bus');
  const there = hintsOf(nodes.b);
  for (let seq = 1; seq <= 1000; seq += 1) nodes.a.publishHint(`project:${seq % 50}`, seq);
  await eventually(() => there.length === 50);
  await nodes.client.query('select 1');
  expect(notifications).toBe(1);
});

test('over NATS a node is sent what it listens to and nothing else', async (context) => {
  await using nodes = await twoNodes('NATS', context);
  const { a, b } = nodes;
  await acquaint(nodes);
  const heard: number[] = [];
  b.onHint((_stream, seq) => heard.push(seq), 'project:1');
  await acquaint(nodes);
  const { received } = b.state();
  for (let n = 1; n <= 200; n += 1) a.publishHint(`project:other${n}`, 1);
  await eventually(() => a.state().sent >= 200);
  a.publishHint('project:1', 5);
  await eventually(() => heard.length > 0);
  expect(b.state().received - received).toBe(1);
});

test('nodes of another database on the same NATS server are strangers', async (context) => {
  await using nodes = await twoNodes('NATS', context);
  await using foreign = await createDatabase(inject('cluster'));
  await using others = await twoNodes('NATS', context, foreign);
  await acquaint(nodes);
  const heard = hintsOf(others.b);
  await acquaint(others);
  nodes.a.publishHint('project:1', 1);
  await acquaint(nodes);
  await acquaint(others);
  expect(heard.filter(([stream]) => stream === 'project:1')).toEqual([]);
});

test('a NATS server that is away at the start is waited for; one that refuses the password is said at once', async (context) => {
  if (noNats !== undefined) return context.skip(noNats);
  await using locked = await startNats('--user', 'tessera', '--pass', 'right');
  const { connection } = database;
  const open = (url: string) => openBus({ connection, log, target: readBusUrl(url) });
  const url = (password: string) => `nats://tessera:${password}@127.0.0.1:${locked.port}`;
  await expect(open(url('wrong'))).rejects.toThrow(/BUS_URL=….*refused/);
  await locked.kill();
  const [a, b] = [await open(url('right')), await open(url('right'))];
  expect([a.isConnected, a.state().links]).toEqual([false, { nats: false, postgres: true }]);
  const heard = hintsOf(b);
  a.publishHint('project:1', 1);
  let back = 0;
  for (const bus of [a, b]) bus.onReconnect(() => (back += 1));
  await locked.start();
  await eventually(() => back === 2);
  a.publishHint('project:1', 2);
  await eventually(() => heard.some(([, seq]) => seq === 2));
  await Promise.all([a.close(), b.close()]);
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
    { numRuns: 20 },
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
