/**
 * What tRPC promises of WebSockets, held by our adapter: procedures that know nothing of the gateway, called
 * by the stock `wsLink` and over raw sockets. No database is needed for it.
 */
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type TRPCClient,
  type WebSocketClientOptions,
  createTRPCClient,
  createWSClient,
  wsLink,
} from '@trpc/client';
import { TRPCError, initTRPC, tracked } from '@trpc/server';
import pino from 'pino';
import superjson from 'superjson';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Feed } from '../../src/events/watch.ts';
import { type Realtime, attachRealtime } from '../../src/realtime/server.ts';
import { readSettings } from '../../src/settings.ts';
import { RawSocket } from './RawSocket.ts';
import { collect, eventually } from './world.ts';

/** A value that comes when a test says so, and what has happened meanwhile. */
const stage = { go: Promise.withResolvers<void>(), seen: [] as string[] };
const t = initTRPC.context<{ token: string | null }>().create({ transformer: superjson });
const cursor = z.object({ lastEventId: z.string().nullish() }).optional();

const router = t.router({
  echo: t.procedure.input(z.unknown()).query(({ input }) => input),
  whoami: t.procedure.query(({ ctx }) => ctx.token),
  nothing: t.procedure.mutation(() => undefined),
  refused: t.procedure.query((): string => {
    throw new TRPCError({ code: 'FORBIDDEN', message: 'not yours' });
  }),
  slow: t.procedure.query(async ({ signal }) => {
    signal?.addEventListener('abort', () => stage.seen.push('aborted'));
    stage.seen.push('begun');
    await stage.go.promise;
    return 'done';
  }),
  stream: t.procedure.query(async function* () {
    yield 1;
  }),
  count: t.procedure.input(cursor).subscription(async function* ({ input, signal }) {
    try {
      for (let n = Number(input?.lastEventId ?? 0) + 1; ; n += 1) {
        if (signal?.aborted) return;
        stage.seen.push(`gave ${n}`);
        yield tracked(String(n), { n, at: new Date(n) });
        if (n % 3 === 0)
          await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      }
    } finally {
      stage.seen.push('cleaned up');
    }
  }),
  brief: t.procedure.subscription(async function* () {
    yield 'one';
    yield undefined;
    yield 'three';
  }),
  late: t.procedure.subscription(async function* () {
    await stage.go.promise;
    yield 'late';
  }),
  failing: t.procedure.subscription(async function* () {
    yield 'one';
    throw new TRPCError({ code: 'CONFLICT', message: 'two at once' });
  }),
  refusing: t.procedure
    .use(() => {
      throw new TRPCError({ code: 'UNAUTHORIZED' });
    })
    .subscription(async function* () {
      yield 'never';
    }),
  noStream: t.procedure.subscription((() => 42) as never as () => AsyncGenerator<number>),
});
type Router = typeof router;

let server: Server;
let realtime: Realtime;
let port: number;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = createServer();
  const settings = readSettings({ SOCKET_PING_SECONDS: '3600' });
  realtime = attachRealtime({
    server,
    path: '/trpc',
    router,
    createContext: ({ tokenHash }) => ({ token: tokenHash?.slice(0, 8) ?? null }),
    hub: {} as Feed,
    settings,
    log: pino({ level: 'silent' }),
    isAllowedOrigin: () => true,
    tokenHashFromCookie: () => null,
    clientAddress: () => null,
    networkOf: () => null,
    identify: async () => null,
    isReady: () => true,
    isOverloaded: () => false,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  stage.go.resolve();
  stage.go = Promise.withResolvers();
  stage.seen = [];
  await eventually(() => realtime.connections() === 0);
});
afterAll(async () => {
  await realtime.drain(0);
  await new Promise((resolve) => server.close(resolve));
});

function connect(options: Partial<WebSocketClientOptions> = {}) {
  const socket = createWSClient({ url: `ws://127.0.0.1:${port}/trpc`, retryDelayMs: () => 20, ...options });
  const client: TRPCClient<Router> = createTRPCClient<Router>({
    links: [wsLink({ client: socket, transformer: superjson })],
  });
  closing.push(() => socket.close());
  return { client, socket };
}

async function open(query = ''): Promise<RawSocket> {
  const socket = await RawSocket.open(port, query);
  closing.push(async () => socket.ws.terminate());
  return socket;
}

const input = superjson.serialize(undefined);
const call = (id: number, path: string, method = 'subscription') => ({
  id,
  method,
  params: { path, input },
});
const kinds = (socket: RawSocket) =>
  socket.messages().map(({ id, result, error }) => `${id} ${error ? 'error' : result?.type}`);

test('what is called before the socket is open waits for it, and every kind of value comes back as it was', async () => {
  const { client } = connect();
  const values = [undefined, null, 0, '', 'é\u2028', new Date(5), new Map([[1, new Set(['a'])]]), 2n ** 70n];
  expect(await Promise.all(values.map((value) => client.echo.query(value)))).toEqual(values);
  expect(await client.nothing.mutate()).toBeUndefined();
});

test('a failed call fails alone, and the socket serves on', async () => {
  const { client } = connect();
  const [refused, unknown, fine] = await Promise.allSettled([
    client.refused.query(),
    (client as unknown as { none: { query(): Promise<unknown> } }).none.query(),
    client.echo.query(1),
  ]);
  expect(refused).toMatchObject({
    reason: { message: 'not yours', data: { code: 'FORBIDDEN', path: 'refused' } },
  });
  expect(unknown).toMatchObject({ reason: { data: { code: 'NOT_FOUND', path: 'none' } } });
  expect(fine).toMatchObject({ value: 1 });
});

test('a subscription starts, tells, and is complete when its source has no more', async () => {
  const { client } = connect();
  const told: unknown[] = [];
  const complete = Promise.withResolvers<void>();
  client.brief.subscribe(undefined, {
    onStarted: () => told.push('started'),
    onData: (value) => told.push(value),
    onError: complete.reject,
    onComplete: () => complete.resolve(),
  });
  await complete.promise;
  expect(told).toEqual(['started', 'one', undefined, 'three']);
});

test('an error is the last word of a subscription, and frees its id', async () => {
  const { client } = connect();
  const watching = collect((on) => client.failing.subscribe(undefined, on as never));
  await watching.until(({ error }) => error !== undefined);
  expect(watching.error).toMatchObject({
    message: 'two at once',
    data: { code: 'CONFLICT', path: 'failing' },
  });
  expect(watching.isComplete).toBe(false);
  const socket = await open();
  socket.send(call(1, 'failing'));
  await socket.until(({ frames }) => frames.length === 3);
  socket.send(call(1, 'brief'));
  await socket.until(({ frames }) => frames.length === 8);
  expect(kinds(socket).slice(0, 4)).toEqual(['1 started', '1 data', '1 error', '1 started']);
});

test.each(['refusing', 'noStream'] as const)(
  'a subscription that cannot begin (%s) is an error without a start',
  async (path) => {
    const { client } = connect();
    const watching = collect((on) =>
      (client[path] as typeof client.refusing).subscribe(undefined, on as never),
    );
    await watching.until(({ error }) => error !== undefined);
    expect(watching.starts).toBe(0);
    const socket = await open();
    socket.send(call(1, path));
    await socket.until(({ frames }) => frames.length === 1);
    expect(kinds(socket)).toEqual(['1 error']);
  },
);

test('a procedure answers only to its own kind of call', async () => {
  const socket = await open();
  socket.send([
    call(1, 'echo'),
    call(2, 'brief', 'query'),
    call(3, 'echo', 'mutation'),
    call(4, 'stream', 'query'),
  ]);
  await socket.until(({ frames }) => frames.length === 4);
  expect(kinds(socket).toSorted()).toEqual(['1 error', '2 error', '3 error', '4 error']);
});

test('who unsubscribes hears no more, and the source is told to stop', async () => {
  const { client } = connect();
  const watching = collect((on) => client.count.subscribe(undefined, on as never));
  await watching.until(({ values }) => values.length === 3);
  watching.stop();
  await eventually(() => stage.seen.includes('cleaned up'));
  expect(stage.seen).toEqual(['gave 1', 'gave 2', 'gave 3', 'cleaned up']);
  expect(watching.values).toEqual([1, 2, 3].map((n) => ({ n, at: new Date(n) })));
});

test('a subscription that is stopped before it began, or twice, is stopped once and says nothing after', async () => {
  const socket = await open();
  const stop = { id: 1, method: 'subscription.stop' };
  socket.send([call(1, 'late'), stop, stop]);
  await socket.until(({ frames }) => frames.includes('{"id":1,"result":{"type":"stopped"}}'));
  stage.go.resolve();
  socket.send([stop, call(2, 'whoami', 'query')]);
  await socket.until(({ frames }) => frames.some((frame) => frame.includes('"id":2')));
  expect(kinds(socket).filter((kind) => kind === '1 stopped')).toHaveLength(1);
  expect(kinds(socket)).not.toContain('1 data');
});

test('when a socket closes, its calls are aborted and its sources told to stop', async () => {
  const socket = await open();
  socket.send([call(1, 'slow', 'query'), call(2, 'count')]);
  await socket.until(({ frames }) => frames.length >= 4);
  socket.ws.close();
  await eventually(() => stage.seen.length === 6);
  expect(stage.seen.slice(4).toSorted()).toEqual(['aborted', 'cleaned up']);
});

test('a call that the socket closed on fails, a subscription goes on where it was', async () => {
  const { client, socket } = connect();
  const watching = collect((on) => client.count.subscribe(undefined, on as never));
  await watching.until(({ values }) => values.length === 3);
  const slow = client.slow.query();
  const failed = expect(slow).rejects.toThrow();
  await eventually(() => stage.seen.includes('begun'));
  if (socket.connection?.state === 'open') socket.connection.ws.close();
  await failed;
  await watching.until(({ values }) => values.length === 6);
  expect(watching.ids).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(watching.starts).toBe(2);
});

test('a call that its caller gives up answers nothing, and the socket serves on', async () => {
  const { client } = connect();
  const controller = new AbortController();
  const slow = client.slow.query(undefined, { signal: controller.signal });
  const failed = expect(slow).rejects.toThrow();
  await eventually(() => stage.seen.includes('begun'));
  controller.abort();
  await failed;
  expect(await client.echo.query('on')).toBe('on');
});

test('a lazy socket opens with the first call and closes after the last, and opens again', async () => {
  const opened: number[] = [];
  const closed: number[] = [];
  const { client } = connect({
    lazy: { enabled: true, closeMs: 30 },
    onOpen: () => opened.push(1),
    onClose: () => closed.push(1),
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(realtime.connections()).toBe(0);
  expect(await client.echo.query(1)).toBe(1);
  const watching = collect((on) => client.count.subscribe(undefined, on as never));
  await watching.until(({ values }) => values.length === 3);
  expect([opened.length, closed.length]).toEqual([1, 0]);
  watching.stop();
  await eventually(() => realtime.connections() === 0);
  expect(await client.echo.query(2)).toBe(2);
  expect(opened).toHaveLength(2);
});

test('each connection asks for its parameters anew', async () => {
  let asked = 0;
  const { client, socket } = connect({
    connectionParams: () => {
      asked += 1;
      return { token: `token ${asked}` };
    },
  });
  const first = await client.whoami.query();
  if (socket.connection?.state === 'open') socket.connection.ws.close();
  await eventually(async () => (await client.whoami.query().catch(() => first)) !== first);
  expect(asked).toBeGreaterThanOrEqual(2);
  const { client: nobody } = connect();
  expect(await nobody.whoami.query()).toBeNull();
});

test('a client that asks whether we live is answered, and stays', async () => {
  let closes = 0;
  const { client } = connect({
    keepAlive: { enabled: true, intervalMs: 10, pongTimeoutMs: 5_000 },
    onClose: () => (closes += 1),
  });
  const slow = client.slow.query();
  const socket = await open();
  socket.send('PING');
  socket.send(call(1, 'brief'));
  socket.send('PING');
  await socket.until(({ frames }) => frames.filter((frame) => frame === 'PONG').length === 2);
  expect(socket.frames[0]).toBe('PONG');
  stage.go.resolve();
  expect(await slow).toBe('done');
  expect(closes).toBe(0);
});

test('messages that say which JSON-RPC they are, and ids that are words, are understood', async () => {
  const socket = await open();
  socket.send({ id: 'a', jsonrpc: '2.0', method: 'query', params: { path: 'echo', input: { json: 1 } } });
  await socket.until(({ frames }) => frames.length === 1);
  expect(socket.messages()).toEqual([{ id: 'a', result: { type: 'data', data: { json: 1 } } }]);
});

test('a resumed subscription without other input is given its cursor, one with input gets it added', async () => {
  const socket = await open();
  socket.send({ id: 1, method: 'subscription', params: { path: 'count', input, lastEventId: '4' } });
  await socket.until(({ frames }) => frames.length >= 3);
  socket.send({
    id: 2,
    method: 'subscription',
    params: { path: 'count', input: { json: { lastEventId: '1' } }, lastEventId: '7' },
  });
  await socket.until(({ frames }) => frames.length >= 6);
  const idsOf = (id: number) =>
    socket
      .messages()
      .flatMap((message) => (message.id === id && message.result?.id ? [message.result.id] : []));
  expect(idsOf(1)).toEqual(['5', '6']);
  expect(idsOf(2).slice(0, 2)).toEqual(['8', '9']);
});
