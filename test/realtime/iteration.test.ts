import { isTrackedEnvelope } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, test } from 'vitest';
import { Iteration } from '../../src/events/Iteration.ts';
import { LogWatch, type Sink } from '../../src/events/watch.ts';
import { testRouter } from './testRouter.ts';
import { eventually, startWorld } from './world.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { Authorizer } from '../../src/authz/Authorizer.ts';
import type { Context } from '../../src/routers/context.ts';
import pino from 'pino';

function makeSource() {
  const state: { sink: Sink | undefined; closed: number } = { sink: undefined, closed: 0 };
  const iteration = new Iteration(
    (sink) => {
      state.sink = sink;
      return { close: () => (state.closed += 1) };
    },
    (id, value) => ({ id, value }),
  );
  return { state, iteration };
}

test('an iteration opens when it is read, yields in order, and throws the error that ends it after what came before', async () => {
  const { state, iteration } = makeSource();
  expect(state.sink).toBeUndefined();
  const first = iteration.next();
  state.sink?.next('1', { n: 1 });
  expect(await first).toEqual({ done: false, value: { id: '1', value: { n: 1 } } });
  state.sink?.next('2', { n: 2 });
  state.sink?.error(new Error('over'));
  state.sink?.next('3', { n: 3 });
  expect((await iteration.next()).value).toEqual({ id: '2', value: { n: 2 } });
  await expect(iteration.next()).rejects.toThrow('over');
  expect(await iteration.next()).toEqual({ done: true, value: undefined });
});

test('who leaves while nothing comes is unsubscribed at once', async () => {
  const { state, iteration } = makeSource();
  const pending = iteration.next();
  await iteration.return();
  expect(state.closed).toBe(1);
  expect(await pending).toEqual({ done: true, value: undefined });
});

test('a reader who does not read is full after a while, and no longer once it has read', async () => {
  const { state, iteration } = makeSource();
  const first = iteration.next();
  for (let n = 0; n <= 500; n += 1) state.sink?.next(null, { n });
  await first;
  expect(state.sink?.isFull()).toBe(true);
  let isDrained = false;
  void state.sink?.drained().then(() => (isDrained = true));
  await iteration.next();
  await eventually(() => isDrained);
  expect(state.sink?.isFull()).toBe(false);
});

test('a watch iterates: a snapshot, then tracked events, and nothing is left behind when the loop ends', async () => {
  await using world = await startWorld();
  const watch = new LogWatch(world.hub, {
    stream: world.stream,
    wants: () => true,
    snapshot: async () => ({ project: 1 }),
    reauthorizer: {
      decide: async () => ({
        can: () => true,
        caller: null,
        projectId: null,
        policyEpoch: 1,
        accessEpoch: 1,
      }),
    },
  });
  const seen: unknown[] = [];
  for await (const envelope of watch) {
    expect(isTrackedEnvelope(envelope)).toBe(true);
    seen.push(envelope[0]);
    if (seen.length === 4) break;
    if (seen.length === 1) await world.comment(3);
  }
  expect(seen).toEqual(['1.0', '1.1', '1.2', '1.3']);
  expect(world.hub.stats().logs).toBe(0);
});

test('the same subscriptions work over SSE, with the same cursors', async () => {
  await using world = await startWorld();
  const { token } = await world.member('viewer');
  const { reads, orm } = world.database;
  const log = pino({ level: 'silent' });
  const origin = { tokenHash: hashTokenAsText(token), requestId: 'r', ipAddress: null, userAgent: null };
  const context = {
    log,
    orm,
    reads,
    authorizer: new Authorizer(reads, { sessionIdleDays: 14 }),
    feed: world.hub,
    observeCall: () => {},
    publicUrl: '',
    origin,
  };
  const server = createServer(
    createHTTPHandler({ router: testRouter, createContext: () => context as unknown as Context }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const text = await readEventStream(
    `${url}/test.watch?input=${encodeURIComponent(JSON.stringify({ json: { projectId: world.projectId } }))}`,
    async (soFar) => {
      if (soFar.includes('"type":"snapshot"') && !soFar.includes('comment.added')) await world.comment(2);
      return soFar.includes('id: 1.2');
    },
  );
  expect([...text.matchAll(/id: (\S+)/g)].map(([, id]) => id)).toEqual(['1.0', '1.1', '1.2']);
  const resumed = await readEventStream(
    `${url}/test.watch?lastEventId=1.1&input=${encodeURIComponent(JSON.stringify({ json: { projectId: world.projectId } }))}`,
    async (soFar) => soFar.includes('id: 1.2'),
  );
  expect([...resumed.matchAll(/id: (\S+)/g)].map(([, id]) => id)).toEqual(['1.2']);
  await new Promise((resolve) => server.close(resolve).closeAllConnections());
});

async function readEventStream(url: string, isEnough: (soFar: string) => Promise<boolean>): Promise<string> {
  const controller = new AbortController();
  const response = await fetch(url, { headers: { accept: 'text/event-stream' }, signal: controller.signal });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (await isEnough(text)) break;
  }
  controller.abort();
  return text;
}
