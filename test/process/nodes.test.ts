/** Three nodes, each a process of its own, on one database: what watchers see, whatever becomes of the bus. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type TesseraClient, createTesseraClient } from '../../client/src/index.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';
import { type Frames, collectFrames } from '../support/collectFrames.ts';
import { type NatsServer, noNats, startNats } from '../support/natsServer.ts';
import { type PartableProxy, openPartableProxy } from '../support/partableProxy.ts';
import { type Node, startNode } from '../support/startNode.ts';
import { waitFor } from '../support/waitFor.ts';
import { eventually } from '../realtime/world.ts';
import { findFreePort } from '../support/findFreePort.ts';

const watchersOfNode = 3;
const services = 'api,realtime';

interface Frame {
  type: string;
  seq: number;
}

if (noNats !== undefined) process.stderr.write(`${noNats}\n`);

describe.each(['PostgreSQL', 'NATS'])('three nodes on a bus over %s', (kind) => {
  let database: TestDatabase;
  /** Straight to the database. */
  let sql: pg.Client;
  let proxy: PartableProxy;
  let nats: NatsServer | undefined;
  let dataDir: string;
  let settings: Record<string, string>;
  const nodes: Node[] = [];
  const clients: TesseraClient[] = [];
  const watchers: Frames<Frame>[] = [];
  let token: string;
  let projectId: string;
  let threadId: string;
  let seq = 0;

  const connect = (node: Node | undefined) => {
    const client = createTesseraClient({ url: node?.url ?? '', token, retryDelay: () => 100 });
    clients.push(client);
    return client;
  };
  /** A client of each node, for calls. */
  let callers: TesseraClient[] = [];
  const caller = (index: number) => callers[index] ?? expect.fail('There is no such node.');

  async function makeAdmin(): Promise<void> {
    const account = { name: 'Ada', username: 'ada', email: 'ada@example.org', password: 'a good password' };
    const guest = createTesseraClient({ url: nodes[0]?.url ?? '' });
    const made = await guest.auth.register.mutate(account);
    token = made.token;
    await sql.query(`insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, 'role:admin', '*')`, [
      `user:${made.actor.id}`,
    ]);
  }

  /** Comments through the nodes named, at the same time. @returns the seqs of the events. */
  async function comment(through: number[], times: number): Promise<number[]> {
    const before = seq;
    await Promise.all(
      through.map(async (index) => {
        for (let n = 0; n < times; n += 1)
          await caller(index).comments.add.mutate({ projectId, threadId, body: `${index}: ${n}` });
      }),
    );
    const { rows } = await sql.query<{ seq: string }>('select seq from streams where stream = $1', [
      `project:${projectId}`,
    ]);
    seq = Number(rows[0]?.seq);
    return Array.from({ length: seq - before }, (_, index) => before + 1 + index);
  }

  /** Every watcher has every event since its snapshot, once and in order. */
  async function allHaveAll(): Promise<void> {
    for (const watcher of watchers) {
      await watcher.until((frame) => frame.seq === seq);
      const [first, ...rest] = watcher.received;
      expect(first?.type).toBe('snapshot');
      const from = (first?.seq ?? 0) + 1;
      expect(rest.map((frame) => frame.seq)).toEqual(
        Array.from({ length: seq - from + 1 }, (_, index) => from + index),
      );
      expect(rest.filter(({ type }) => type === 'snapshot' || type === 'resync')).toEqual([]);
    }
  }

  /** What all three nodes know of an event; who is slow to answer is asked again. */
  const traceAll = (one: number) =>
    waitFor(async () => {
      const trace = await caller(0).realtime.trace.query({ projectId, seq: one });
      expect(trace.nodes).toHaveLength(3);
      return trace;
    });

  const readiness = (node: Node) =>
    fetch(`${node.url}/readyz`).then(async (response) => ({
      code: response.status,
      status: ((await response.json()) as Frame & { status: string }).status,
    }));
  const allAre = (status: string) =>
    eventually(async () => (await Promise.all(nodes.map(readiness))).every((one) => one.status === status));

  beforeAll(async () => {
    if (kind === 'NATS' && noNats !== undefined) return;
    database = await createDatabase(inject('cluster'));
    sql = new pg.Client(database.connection);
    await sql.connect();
    proxy = await openPartableProxy(database);
    dataDir = await mkdtemp(join(tmpdir(), 'tessera-nodes-'));
    if (kind === 'NATS') nats = await startNats();
    settings = {
      DATABASE_URL: proxy.url,
      DATA_DIR: dataDir,
      SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      DATABASE_POOL: '8',
      ...(nats ? { BUS_URL: nats.url } : {}),
    };
    nodes.push(
      ...(await Promise.all(
        [0, 1, 2].map(async () => startNode({ ...settings, PORT: String(await findFreePort()) }, services)),
      )),
    );
    await makeAdmin();
    callers = nodes.map(connect);
    projectId = (await caller(0).projects.create.mutate({ name: 'Three nodes' })).id;
    const made = await caller(0).threads.create.mutate({
      projectId,
      body: 'First',
      subjectType: 'project',
      subjectId: projectId,
    });
    threadId = made.thread.id;
    for (const node of nodes) {
      for (let n = 0; n < watchersOfNode; n += 1) {
        const client = connect(node);
        watchers.push(collectFrames<Frame>((on) => client.projects.watch.subscribe({ projectId }, on)));
      }
    }
    const snapshots = await Promise.all(watchers.map((watcher) => watcher.until(() => true)));
    seq = snapshots[0]?.seq ?? 0;
  });

  afterAll(async () => {
    for (const watcher of watchers) watcher.stop();
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all(nodes.map((node) => node.kill()));
    await nats?.kill();
    await proxy?.[Symbol.asyncDispose]();
    await sql?.end();
    await database?.drop();
    if (dataDir) await rm(dataDir, { recursive: true, force: true });
  });

  test('watchers spread over the nodes get every event once and in order, told of it by the bus', async (context) => {
    if (kind === 'NATS' && noNats !== undefined) return context.skip(noNats);
    const seqs = await comment([0, 1, 2], 8);
    expect(seqs).toHaveLength(24);
    await allHaveAll();
    const traces = await Promise.all(seqs.map(traceAll));
    for (const { nodes: told, event } of traces) {
      expect(event.type).toBe('comment.added');
      expect(told.map(({ sent, subscriptions, readTo }) => [sent, subscriptions, readTo])).toEqual(
        nodes.map(() => [watchersOfNode, watchersOfNode, seq]),
      );
      expect(new Set(told.map(({ node }) => node)).size).toBe(3);
      for (const { lagMs } of told) expect(lagMs?.p50).toBeLessThanOrEqual(lagMs?.max ?? -1);
    }
    // A sweep may by chance come before one hint, or a later hint stand for it, but not every time.
    const hinted = traces.flatMap(({ nodes: told }) => told.filter(({ hintedAt }) => hintedAt !== null));
    expect(new Set(hinted.map(({ node }) => node)).size).toBe(3);
  });

  test('while the bus is cut the sweep delivers everything, and nodes say that they are degraded, not gone', async (context) => {
    if (kind === 'NATS' && noNats !== undefined) return context.skip(noNats);
    if (nats) await nats.kill();
    else proxy.cut();
    await allAre('degraded');
    expect((await readiness(nodes[0] ?? expect.fail())).code).toBe(200);
    const [first = 0] = await comment([0, 1], 5);
    await allHaveAll();
    // Nobody hears anybody, so whoever is asked answers alone; node 2 took no call, so nothing was hinted there.
    const { nodes: told } = await caller(2).realtime.trace.query({ projectId, seq: first });
    expect(told).toMatchObject([{ hintedAt: null, sent: watchersOfNode }]);
    expect(told[0]?.readAt).toBeInstanceOf(Date);
    if (nats) await nats.start();
    else proxy.mend();
    await allAre('ready');
    const [after = 0] = await comment([1], 1);
    await allHaveAll();
    await traceAll(after);
  });

  test('the clients of a node that was killed go on where they were when another takes its place', async (context) => {
    if (kind === 'NATS' && noNats !== undefined) return context.skip(noNats);
    const lost = nodes.pop() ?? expect.fail();
    await lost.kill();
    await comment([0, 1], 5);
    nodes.push(await startNode({ ...settings, PORT: String(lost.port) }, services));
    await allHaveAll();
    await comment([0, 1, 2], 2);
    await allHaveAll();
  });
});
