import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectFrames } from '../support/collectFrames.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { eventually } from '../realtime/world.ts';

let server: TestServer;
let second: TestServer;
let admin: Person;
let projectId: string;

beforeAll(async () => {
  const services = new Set(['api', 'realtime'] as const);
  server = await startServer({ services });
  second = await startServer({ services, beside: server });
  admin = await server.admin();
  projectId = (await admin.client.projects.create.mutate({ name: 'Traced' })).id;
});
afterAll(async () => {
  await second.close();
  await server.close();
});

const rename = (name: string) => admin.client.projects.update.mutate({ projectId, name });

test('an administrator sees the way of an event, on every node, to how many watchers', async () => {
  const watch = (on: TestServer) =>
    collectFrames<{ type: string; seq: number }>((handlers) =>
      on.connect(admin.token).projects.watch.subscribe({ projectId }, handlers),
    );
  const watchers = [watch(server), watch(server), watch(second)];
  await Promise.all(watchers.map((watcher) => watcher.until(({ type }) => type === 'snapshot')));
  await rename('Renamed');
  const [first, ...others] = await Promise.all(
    watchers.map((watcher) => watcher.until(({ type }) => type === 'project.updated')),
  );
  const seq = first?.seq ?? 0;
  expect(others.map((frame) => frame.seq)).toEqual([seq, seq]);
  const trace = await admin.client.realtime.trace.query({ projectId, seq });
  expect(trace).toMatchObject({
    head: seq,
    event: { seq, type: 'project.updated', actorId: admin.id, createdAt: expect.any(Date) },
    nodes: [
      { subscriptions: 2, readTo: seq, sent: 2, readAt: expect.any(Date), firstSentAt: expect.any(Date) },
      { subscriptions: 1, readTo: seq, sent: 1, lagMs: { p50: expect.any(Number) } },
    ],
  });
  for (const watcher of watchers) watcher.stop();
  await eventually(async () => {
    const { nodes } = await admin.client.realtime.trace.query({ projectId, seq });
    return nodes.every(
      ({ subscriptions, readTo, sent }) => subscriptions === 0 && readTo === null && sent > 0,
    );
  });
});

test('an event that nobody watched was committed, and is all that is known', async () => {
  await rename('Unseen');
  const { head, event } = await admin.client.realtime.trace.query({ projectId });
  expect(event.seq).toBe(head);
  const { nodes } = await admin.client.realtime.trace.query({ projectId, seq: head });
  expect(nodes.map(({ hintedAt, readAt, sent, lagMs }) => [hintedAt, readAt, sent, lagMs])).toEqual([
    [null, null, 0, null],
    [null, null, 0, null],
  ]);
  expect(await failureOf(admin.client.realtime.trace.query({ projectId, seq: head + 1 }))).toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('the owner of a project may not trace its events', async () => {
  const owner = await server.person();
  const { id } = await owner.client.projects.create.mutate({ name: 'Own' });
  expect(await failureOf(owner.client.realtime.trace.query({ projectId: id, seq: 1 }))).toMatchObject({
    code: 'FORBIDDEN',
  });
});

test('whatever is said on the lanes of traces breaks nothing', async () => {
  const { traces } = server.tessera.services;
  const stream = `project:${projectId}` as const;
  const asking = traces.ask(stream, 1);
  const client = await server.tessera.services.reads.connect();
  for (const lane of ['trace-ask', 'trace-tell']) {
    for (const value of [{}, { seq: 'x' }, { seq: -1 }, { node: 5 }, { nodes: [], lagMs: { p50: 'x' } }]) {
      await client.query(`select pg_notify('tessera_bus', $1)`, [
        JSON.stringify({ v: 1, node: 'x', hints: [], lanes: [[stream, lane, 'k', value]] }),
      ]);
    }
  }
  client.release();
  expect(await asking).toHaveLength(2);
});

test('/metrics tells of streams, subscriptions, deliveries, lag and the bus', async () => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  for (const name of [
    'tessera_streams 0',
    'tessera_log_subscriptions 0',
    'tessera_lane_subscriptions 0',
    'tessera_resyncs_total 0',
    'tessera_bus_connected 1',
  ])
    expect(text).toContain(`\n${name}\n`);
  for (const name of ['deliveries_total', 'log_reads_total', 'delivery_lag_seconds_count', 'bus_sent_total'])
    expect(text).toMatch(new RegExp(`^tessera_${name} [1-9]`, 'm'));
  expect(text).toMatch(/^tessera_queue_bytes \d/m);
  expect(text).toMatch(/^tessera_connections \d/m);
});
