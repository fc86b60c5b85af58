/** The published client where WebSockets are blocked, and where nothing answers at all. */
import { type Server, createServer, request } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ConnectionState,
  type TesseraClient,
  type TesseraClientOptions,
  type Watched,
  createTesseraClient,
} from '../../client/src/index.ts';
import { type Frames, collectFrames } from '../support/collectFrames.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { eventually } from '../realtime/world.ts';

type Frame = Watched<'threads'>;

/** A proxy as offices have them. */
interface Proxy extends AsyncDisposable {
  url: string;
  /** Refuses sockets, and ends those that are open. */
  block(): void;
  /** Answers every request with this status in place of the server; 0: with nothing at all; undefined: passes it on. */
  status: number | undefined;
  upgrades: number;
  streams: number;
  cut(): void;
}

let server: TestServer;
let ada: Person;
let projectId: string;
let threadId: string;
const clients: TesseraClient[] = [];

beforeAll(async () => {
  server = await startServer();
  ada = await server.person('Ada');
  ({ id: projectId } = await ada.client.projects.create.mutate({ name: 'Transport' }));
  const on = { subjectType: 'project', subjectId: projectId } as const;
  threadId = (await ada.client.threads.create.mutate({ projectId, ...on, body: 'Hello.' })).thread.id;
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server.close();
});

async function openProxy(): Promise<Proxy> {
  const to = new URL(server.url);
  const sockets = new Set<Socket>();
  let isBlocked = false;
  const proxy: Server = createServer((incoming, outgoing) => {
    if (incoming.headers.accept === 'text/event-stream') it.streams += 1;
    if (it.status === 0) return incoming.socket.destroy();
    if (it.status !== undefined) return outgoing.writeHead(it.status).end();
    const { method, url, headers } = incoming;
    const passed = request({ host: to.hostname, port: to.port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  proxy.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  proxy.on('upgrade', (incoming, near: Socket) => {
    it.upgrades += 1;
    if (isBlocked || it.status !== undefined)
      return near.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    const far = connect(Number(to.port), to.hostname);
    const head = incoming.rawHeaders.map((text, n) => (n % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
    far.write(`GET ${incoming.url} HTTP/1.1\r\n${head}\r\n`);
    far.on('error', () => near.destroy());
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    far.pipe(near).pipe(far);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const it: Proxy = {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    status: undefined,
    upgrades: 0,
    streams: 0,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    block() {
      isBlocked = true;
      it.cut();
    },
    async [Symbol.asyncDispose]() {
      it.cut();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
  return it;
}

function clientOf(proxy: Proxy, options: Partial<TesseraClientOptions> = {}): TesseraClient {
  const client = createTesseraClient({
    url: proxy.url,
    token: ada.token,
    EventSource,
    retryDelay: () => 20,
    ...options,
  });
  clients.push(client);
  return client;
}
const watch = (client: TesseraClient): Frames<Frame> =>
  collectFrames<Frame>((on) => client.threads.watch.subscribe({ projectId, threadId }, on));
const comment = (body: string) => ada.client.comments.add.mutate({ projectId, threadId, body });
const bodies = (frames: Frames<Frame>) =>
  frames.received.flatMap((frame) =>
    frame.type === 'comment.added' ? [(frame.payload as { body: string }).body] : [],
  );
const heard = (frames: Frames<Frame>, body: string) => frames.until(() => bodies(frames).includes(body));

test('a socket that a network lets through no longer is followed by server-sent events, without a hole', async () => {
  await using proxy = await openProxy();
  const states: ConnectionState[] = [];
  const client = clientOf(proxy, { onConnection: (state) => states.push(state) });
  const frames = watch(client);
  await frames.until(({ type }) => type === 'snapshot');
  await comment('over the socket');
  await heard(frames, 'over the socket');
  expect(proxy.streams).toBe(0);
  proxy.block();
  await comment('while moving');
  await heard(frames, 'while moving');
  await comment('over events');
  await heard(frames, 'over events');
  expect(proxy.streams).toBeGreaterThan(0);
  expect(bodies(frames)).toEqual(['over the socket', 'while moving', 'over events']);
  expect(frames.received.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
  const { upgrades } = proxy;
  const more = watch(client);
  await more.until(({ type }) => type === 'snapshot');
  // It stays with what works.
  expect(proxy.upgrades).toBe(upgrades);
  for (const each of [frames, more]) each.stop();
  await eventually(() => states.at(-1) === 'idle');
  expect(states[0]).toBe('connecting');
  expect(states.filter((state) => state === 'open').length).toBeGreaterThanOrEqual(2);
});

test('a server that does not answer at all is waited for, and then reached by a socket', async () => {
  await using proxy = await openProxy();
  proxy.status = 0;
  const frames = watch(clientOf(proxy));
  await eventually(() => proxy.upgrades >= 4);
  proxy.status = undefined;
  await frames.until(({ type }) => type === 'snapshot');
  expect(proxy.streams).toBe(0);
  frames.stop();
});

test('an event stream that a proxy refuses for a while is opened again, with the cursor', async () => {
  await using proxy = await openProxy();
  const frames = watch(clientOf(proxy, { transport: 'sse' }));
  await frames.until(({ type }) => type === 'snapshot');
  expect(proxy.upgrades).toBe(0);
  proxy.status = 502;
  proxy.cut();
  await comment('behind a bad gateway');
  const { streams } = proxy;
  await eventually(() => proxy.streams > streams + 1);
  proxy.status = undefined;
  await heard(frames, 'behind a bad gateway');
  expect(bodies(frames)).toEqual(['behind a bad gateway']);
  expect(frames.received.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
  frames.stop();
});

test('what the server refuses is not tried again', async () => {
  await using proxy = await openProxy();
  const client = clientOf(proxy, { transport: 'sse', token: (await server.person('Stranger')).token });
  await expect(watch(client).until(() => false)).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
  expect(proxy.streams).toBe(1);
});

test('who asks for server-sent events with a token but without a ponyfill is told what to do', () => {
  const make = () => createTesseraClient({ url: server.url, token: 'tss_x', transport: 'sse' });
  expect(make).toThrow('give `EventSource`');
});
