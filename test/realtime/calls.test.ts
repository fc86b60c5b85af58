import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { closeCodes } from '../../src/realtime/protocol.ts';
import { BareSocket } from './BareSocket.ts';
import { RawSocket } from './RawSocket.ts';
import { hooks } from './testRouter.ts';
import { collect, eventually, watchProject, worldsOnOneDatabase } from './world.ts';

const startWorld = worldsOnOneDatabase();

test('queries and mutations over the socket parse, authorise and answer as over HTTP', async () => {
  await using world = await startWorld();
  const { id, token } = await world.member('viewer');
  const { client } = world.connect(token);
  const { projectId } = world;
  const at = new Date('2026-11-20T12:00:00Z');
  expect(await client.test.echo.query({ projectId, text: 'é', at })).toEqual({ projectId, text: 'é', at });
  expect(await client.test.touch.mutate({ projectId })).toBe(`p${id}`);
  await expect(client.test.echo.query({ projectId: 'no uuid' })).rejects.toMatchObject({
    data: { code: 'BAD_INPUT' },
  });
  await expect(world.connect('forged').client.test.touch.mutate({ projectId })).rejects.toMatchObject({
    data: { code: 'UNAUTHORIZED' },
  });
});

test('calls queued in one tick travel as an array, and each gets its own answer', async () => {
  await using world = await startWorld();
  const { client } = world.connect((await world.member('viewer')).token);
  const texts = Array.from({ length: 20 }, (_, n) => String(n));
  const answers = await Promise.all(
    texts.map((text) => client.test.echo.query({ projectId: world.projectId, text })),
  );
  expect(answers.map(({ text }) => text)).toEqual(texts);
});

test('more calls in one frame than a batch may hold are each refused', async () => {
  await using world = await startWorld({ settings: { MAX_BATCH: '3' } });
  const socket = await RawSocket.open(world.port);
  socket.send([1, 2, 3, 4].map((id) => ({ id, method: 'query', params: { path: 'test.echo' } })));
  await socket.until(({ frames }) => frames.length === 4);
  expect(socket.codes()).toEqual([
    'BATCH_TOO_LARGE',
    'BATCH_TOO_LARGE',
    'BATCH_TOO_LARGE',
    'BATCH_TOO_LARGE',
  ]);
  socket.ws.terminate();
});

test('a client with as many subscriptions as allowed resumes all of them in one frame', async () => {
  await using world = await startWorld({ settings: { MAX_BATCH: '8', SOCKET_MAX_SUBSCRIPTIONS: '40' } });
  const { client, socket } = world.connect((await world.member('viewer')).token);
  const watchings = Array.from({ length: 40 }, () => watchProject(client, world.projectId));
  await Promise.all(watchings.map((watching) => watching.until(({ values }) => values.length === 1)));
  if (socket.connection?.state === 'open') socket.connection.ws.close();
  await world.comment(3);
  await Promise.all(watchings.map((watching) => watching.until(({ values }) => values.length === 4)));
  expect(watchings.map((watching) => watching.seqs())).toEqual(watchings.map(() => [1, 2, 3]));
});

test('one subscription more than a connection may hold is refused, and possible again after one stopped', async () => {
  await using world = await startWorld({ settings: { SOCKET_MAX_SUBSCRIPTIONS: '2' } });
  const { client } = world.connect((await world.member('viewer')).token);
  const [first, second] = [watchProject(client, world.projectId), watchProject(client, world.projectId)];
  await Promise.all([first, second].map((watching) => watching.until(({ values }) => values.length === 1)));
  const third = watchProject(client, world.projectId);
  await third.until(({ error }) => error !== undefined);
  expect(third.error?.data?.code).toBe('TOO_MANY_SUBSCRIPTIONS');
  first.stop();
  await eventually(() => world.realtime.subscriptions() === 1);
  await watchProject(client, world.projectId).until(({ values }) => values.length === 1);
});

test('an id may be used again only when its call is over', async () => {
  await using world = await startWorld();
  const { token } = await world.member('viewer');
  const socket = await RawSocket.signedIn(world.port, token);
  const params = { path: 'test.watch', input: { json: { projectId: world.projectId } } };
  socket.send({ id: 7, method: 'subscription', params });
  await socket.until(({ frames }) => frames.length === 2);
  socket.send({ id: 7, method: 'query', params: { ...params, path: 'test.echo' } });
  await socket.until(({ frames }) => frames.length === 3);
  expect(socket.codes()).toEqual(['REQUEST_ID_IN_USE']);
  socket.send({ id: 7, method: 'subscription.stop' });
  socket.send({ id: 99, method: 'subscription.stop' });
  socket.send({ id: 7, method: 'subscription', params });
  await socket.until(({ frames }) => frames.length === 6);
  expect(socket.messages().map(({ result }) => result?.type)).toEqual([
    'started',
    'data',
    undefined,
    'stopped',
    'started',
    'data',
  ]);
  socket.ws.terminate();
});

test('frames have the shapes that tRPC defines, and PONG keeps its place among them', async () => {
  await using world = await startWorld();
  const { token } = await world.member('viewer');
  const socket = await RawSocket.signedIn(world.port, token);
  const input = { json: { projectId: world.projectId, to: 2 } };
  socket.send({ id: 'a"b', method: 'subscription', params: { path: 'test.count', input } });
  await socket.until(({ frames }) => frames.length === 4);
  socket.send({ id: 2, method: 'subscription.stop' });
  socket.send('PING');
  await socket.until(({ frames }) => frames.length === 5);
  expect(socket.frames).toEqual([
    '{"id":"a\\"b","result":{"type":"started"}}',
    '{"id":"a\\"b","result":{"type":"data","data":{"json":{"id":"1","data":{"n":1}}},"id":"1"}}',
    '{"id":"a\\"b","result":{"type":"data","data":{"json":{"id":"2","data":{"n":2}}},"id":"2"}}',
    '{"id":"a\\"b","result":{"type":"stopped"}}',
    'PONG',
  ]);
  socket.ws.terminate();
});

test('a plain generator is served too; its end completes, its failure tells nothing of the server', async () => {
  await using world = await startWorld();
  const { client } = world.connect((await world.member('viewer')).token);
  const { projectId } = world;
  const counting = collect((options) => client.test.count.subscribe({ projectId, to: 3 }, options as never));
  await counting.until(({ isComplete }) => isComplete);
  expect(counting.ids).toEqual(['1', '2', '3']);
  const failing = collect((options) =>
    client.test.count.subscribe({ projectId, to: 3, failAt: 2 }, options as never),
  );
  await failing.until(({ error }) => error !== undefined);
  expect(failing.error?.data?.code).toBe('INTERNAL');
  expect(JSON.stringify(failing.error)).not.toContain('secret');
});

test('sockets of foreign pages, other paths and too many of them are refused before they open', async () => {
  let isReady = true;
  await using world = await startWorld({ settings: { SOCKET_MAX_CONNECTIONS: '1' }, isReady: () => isReady });
  const { port } = world;
  await expect(RawSocket.open(port, '', { origin: 'https://evil.example' })).rejects.toThrow('403');
  await expect(RawSocket.open(port, '/other')).rejects.toThrow('404');
  isReady = false;
  await expect(RawSocket.open(port)).rejects.toThrow('503');
  isReady = true;
  const friend = await RawSocket.open(port, '', { origin: 'https://friend.example' });
  const [response] = (await once(
    request({ port, path: '/trpc', headers: { connection: 'upgrade', upgrade: 'websocket' } }).end(),
    'response',
  )) as [IncomingMessage];
  const refused = {
    status: response.statusCode,
    retryAfter: response.headers['retry-after'],
    body: await json(response),
  };
  expect(refused).toMatchObject({
    status: 503,
    retryAfter: expect.stringMatching(/^[1-5]$/),
    body: { code: 'UNAVAILABLE' },
  });
  friend.ws.terminate();
  await eventually(() => world.realtime.connections() === 0);
});

test('a browser that has only the session cookie is signed in by it', async () => {
  await using world = await startWorld();
  const { token } = await world.member('viewer');
  const socket = await RawSocket.open(world.port, '', { headers: { cookie: `session=${token}` } });
  socket.send({
    id: 1,
    method: 'query',
    params: { path: 'test.echo', input: { json: { projectId: world.projectId } } },
  });
  await socket.until(({ frames }) => frames.length === 1);
  expect(socket.messages()[0]?.result?.data).toEqual({ json: { projectId: world.projectId } });
  socket.ws.terminate();
});

test('draining moves clients to another node: nothing is missed, calls under way are answered', async () => {
  await using world = await startWorld();
  const other = await world.addNode();
  const { token } = await world.member('viewer');
  let port = world.port;
  const { client } = world.connect(token, { url: (() => `ws://127.0.0.1:${port}/trpc`) as never });
  const watching = watchProject(client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  const { promise, resolve } = Promise.withResolvers<void>();
  hooks.slow = promise;
  const slow = client.test.slow.query({ projectId: world.projectId });
  await world.comment(2);
  const writing = world.comment(50);
  port = other.port;
  const drained = world.realtime.drain(10_000);
  await eventually(() => other.realtime.connections() === 1);
  expect(world.realtime.connections()).toBe(1);
  resolve();
  expect(await slow).toBe('done');
  await drained;
  expect(world.realtime.connections()).toBe(0);
  await writing;
  await world.comment(2);
  await watching.until(({ values }) => values.length === 55);
  expect(watching.seqs()).toEqual(Array.from({ length: 54 }, (_, n) => n + 1));
  expect(watching.starts).toBe(1);
  await expect(RawSocket.open(world.port)).rejects.toThrow('503');
});

test('where there is no other node, draining does not wait for those who cannot leave', async () => {
  const longest = 60_000;
  await using world = await startWorld();
  const { client } = world.connect((await world.member('viewer')).token);
  const watching = watchProject(client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  const began = performance.now();
  await world.realtime.drain(longest);
  expect(performance.now() - began).toBeLessThan(longest);
  expect(world.realtime.connections()).toBe(0);
  expect(watching.error).toBeUndefined();
});

test('who drains asks in slices at random, and closes in the end who was asked and stays', async () => {
  await using world = await startWorld();
  const sockets = await Promise.all(Array.from({ length: 100 }, () => BareSocket.open(world.server)));
  const asked: number[] = [];
  const slices = new Set<number>();
  for (const [index, socket] of sockets.entries())
    void socket
      .until(({ frames }) => frames.includes('{"id":null,"method":"reconnect"}'))
      .then(() => {
        asked.push(index);
        // Those of one slice are asked in the same turn.
        slices.add(Math.round(performance.now() / 10));
      });
  await world.realtime.drain(500);
  expect(asked).toHaveLength(sockets.length);
  expect(asked).not.toEqual(asked.toSorted((a, b) => a - b));
  expect(slices.size).toBeGreaterThan(2);
  expect(world.realtime.connections()).toBe(0);
  await Promise.all(sockets.map((socket) => socket.until(({ closed }) => closed !== undefined)));
  expect(new Set(sockets.map(({ closed }) => closed?.code))).toEqual(new Set([closeCodes.restart]));
});
