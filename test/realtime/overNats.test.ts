/** What nodes ask and tell one another besides events, when they speak over a NATS server. */
import { connect as connectNats } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readDatabaseSpace } from '../../src/bus/readDatabaseSpace.ts';
import type { PresenceChange } from '../../src/views/presence.ts';
import { collectFrames } from '../support/collectFrames.ts';
import { type NatsServer, noNats, startNats } from '../support/natsServer.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { waitFor } from '../support/waitFor.ts';

let nats: NatsServer;
let one: TestServer;
let two: TestServer;
let admin: Person;
let projectId: string;

if (noNats !== undefined) process.stderr.write(`${noNats}\n`);

beforeAll(async () => {
  if (noNats !== undefined) return;
  nats = await startNats();
  const settings = { BUS_URL: nats.url, PRESENCE_SECONDS: '1' };
  one = await startServer({ services: new Set(['api', 'realtime']), settings });
  two = await startServer({ services: new Set(['realtime']), beside: one, settings });
  admin = await one.admin();
  projectId = (await admin.client.projects.create.mutate({ name: 'Two nodes' })).id;
});
beforeEach((context) => {
  if (noNats !== undefined) context.skip(noNats);
});
afterAll(async () => {
  await two?.close();
  await one?.close();
  await nats?.kill();
});

const readHealth = async () => (await admin.client.system.health.query()).nodes;
/** Of both nodes; who is slow to answer is asked again. */
const readHealthOfBoth = () =>
  waitFor(async () => {
    const nodes = await readHealth();
    expect(nodes).toHaveLength(2);
    return nodes;
  });
const links = (node: { parts: Record<string, boolean> } | undefined) => [
  node?.parts['bus.nats'],
  node?.parts['bus.postgres'],
];

test('an administrator sees the health of all nodes', async () => {
  const nodes = await readHealthOfBoth();
  expect(nodes.map(({ services }) => services)).toEqual([['api', 'realtime'], ['realtime']]);
  expect(nodes.map(links)).toEqual([
    [true, true],
    [true, true],
  ]);
  expect(new Set(nodes.map(({ node }) => node)).size).toBe(2);
});

test('whatever strangers say where nodes ask for health breaks nothing', async () => {
  const stranger = await connectNats({ servers: nats.url });
  const prefix = `tessera.${await readDatabaseSpace(one.database.connection)}`;
  // Who is slow to answer is asked again, among as much noise.
  await waitFor(async () => {
    const asking = readHealth();
    for (const lane of ['node-ask', 'node-tell']) {
      for (const value of [{}, { node: 5 }, { node: 'x', services: 'all' }]) {
        const message = { v: 1, node: 'x', hints: [], lanes: [['user:x', lane, 'k', value]] };
        stranger.publish(`${prefix}.lane.user.x.${lane}`, JSON.stringify(message));
      }
      stranger.publish(`${prefix}.lane.user.x.${lane}`, 'no message');
    }
    await stranger.flush();
    expect(await asking).toHaveLength(2);
  });
  await stranger.drain();
});

test('an event is traced on every node, and by a hint', async () => {
  const watchers = [one, two].map((server) =>
    collectFrames<{ type: string; seq: number }>((on) =>
      server.connect(admin.token).projects.watch.subscribe({ projectId }, on),
    ),
  );
  await Promise.all(watchers.map((watcher) => watcher.until(({ type }) => type === 'snapshot')));
  const names = ['Once', 'Twice', 'Thrice'];
  for (const name of names) await admin.client.projects.update.mutate({ projectId, name });
  const seqs = await Promise.all(
    watchers.map(async (watcher) => {
      await waitFor(() => expect(watcher.received).toHaveLength(1 + names.length));
      return watcher.received.slice(1).map(({ seq }) => seq);
    }),
  );
  expect(seqs[0]).toEqual(seqs[1]);
  const traces = await Promise.all(
    (seqs[0] ?? []).map((seq) =>
      waitFor(async () => {
        const trace = await admin.client.realtime.trace.query({ projectId, seq });
        expect(trace.nodes).toHaveLength(2);
        return trace;
      }),
    ),
  );
  for (const { nodes } of traces) expect(nodes.map(({ sent }) => sent)).toEqual([1, 1]);
  // A sweep may by chance come before one hint, but not every time.
  for (const index of [0, 1]) expect(traces.some(({ nodes }) => nodes[index]?.hintedAt != null)).toBe(true);
  for (const watcher of watchers) watcher.stop();
});

test('who comes and goes at one node is seen at the other', async () => {
  const emil = await one.person('Emil');
  await admin.client.members.add.mutate({ projectId, actorId: emil.id, role: 'editor' });
  const frames = collectFrames<PresenceChange>((on) =>
    admin.client.presence.watch.subscribe({ projectId }, on),
  );
  await frames.until(({ type }) => type === 'snapshot');
  const there = two.connect(emil.token);
  const here = collectFrames<PresenceChange>((on) =>
    there.presence.watch.subscribe({ projectId, placeId: 'tab' }, on),
  );
  await frames.until((change) => change.type === 'present' && change.person.actor.id === emil.id);
  here.stop();
  await frames.until(({ type }) => type === 'left');
  expect(frames.received.filter(({ type }) => type === 'left')).toEqual([{ type: 'left', actorId: emil.id }]);
  frames.stop();
});

test('while NATS is away each node knows of itself alone and says why; when it is back, of all', async () => {
  await nats.kill();
  await waitFor(async () => {
    const [own, ...others] = await readHealth();
    expect(links(own)).toEqual([false, true]);
    expect(others).toEqual([]);
  });
  await nats.start();
  await waitFor(async () =>
    expect((await readHealth()).map(links)).toEqual([
      [true, true],
      [true, true],
    ]),
  );
});
