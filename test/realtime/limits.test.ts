import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { closeCodes } from '../../src/realtime/protocol.ts';
import { RawSocket } from './RawSocket.ts';
import { begun, hooks } from './testRouter.ts';
import { eventually, worldsOnOneDatabase } from './world.ts';

const startWorld = worldsOnOneDatabase();

const from = (address: string) => ({ headers: { 'x-test-address': address } });

/** Tries to open a socket. @returns the status and headers of the refusal. */
async function refusal(port: number, options: object = {}): Promise<{ status: number; retryAfter: unknown }> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/trpc`, options);
  ws.on('error', () => {});
  return new Promise((resolve, reject) => {
    ws.once('open', () => reject(new Error('The socket was opened.')));
    ws.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
    });
  });
}

test('a person who holds as many connections as allowed is told so and closed; others are not concerned', async () => {
  await using world = await startWorld({ settings: { SOCKET_MAX_PER_USER: '2' } });
  const { token } = await world.member('viewer');
  const echo = {
    method: 'query',
    params: { path: 'test.echo', input: { json: { projectId: world.projectId } } },
  };
  const open = async (whose: string) => {
    const socket = await RawSocket.signedIn(world.port, whose);
    socket.send({ id: 1, ...echo });
    await socket.until(({ frames, closed }) => frames.length > 0 || closed !== undefined);
    return socket;
  };
  // Whose a connection is is found out beside its first calls: which of the three is the one too many is chance.
  const sockets = [await open(token), await open(token), await open(token)];
  await eventually(() => sockets.some(({ closed }) => closed !== undefined));
  const refused = sockets.filter(({ closed }) => closed !== undefined);
  expect(refused.map(({ closed }) => closed?.code)).toEqual([closeCodes.tooManyConnections]);
  expect(refused[0]?.messages().at(-1)).toMatchObject({
    id: null,
    error: { json: { data: { code: 'TOO_MANY_CONNECTIONS' } } },
  });
  expect(world.counts['closed TOO_MANY_CONNECTIONS']).toBe(1);
  const other = await open((await world.member('viewer')).token);
  const [first, second] = sockets.filter(({ closed }) => closed === undefined) as [RawSocket, RawSocket];
  first.ws.terminate();
  await eventually(() => world.realtime.connections() === 2);
  const again = await open(token);
  again.send('PING');
  await again.until(({ frames }) => frames.includes('PONG'));
  for (const socket of [second, other, again]) {
    expect(socket.closed).toBeUndefined();
    socket.ws.terminate();
  }
});

test('an address that holds as many connections as allowed gets no more until one is gone', async () => {
  await using world = await startWorld({ settings: { SOCKET_MAX_PER_ADDRESS: '2' } });
  const first = await RawSocket.open(world.port, '', from('192.0.2.1'));
  const second = await RawSocket.open(world.port, '', from('192.0.2.1'));
  expect(await refusal(world.port, from('192.0.2.1'))).toEqual({
    status: 429,
    retryAfter: expect.stringMatching(/^[1-5]$/),
  });
  expect(world.counts['refused address']).toBe(1);
  const other = await RawSocket.open(world.port, '', from('192.0.2.2'));
  first.ws.terminate();
  await eventually(() => world.realtime.connections() === 2);
  const again = await RawSocket.open(world.port, '', from('192.0.2.1'));
  for (const socket of [second, other, again]) socket.ws.terminate();
});

test('while there is too much to do new sockets are put off, and those who are here are served', async () => {
  let isOverloaded = false;
  await using world = await startWorld({ isOverloaded: () => isOverloaded });
  const here = await RawSocket.open(world.port);
  isOverloaded = true;
  expect(await refusal(world.port)).toEqual({ status: 503, retryAfter: expect.stringMatching(/^[1-5]$/) });
  expect(world.counts['refused overloaded']).toBe(1);
  here.send('PING');
  await here.until(({ frames }) => frames.includes('PONG'));
  isOverloaded = false;
  (await RawSocket.open(world.port)).ws.terminate();
  here.ws.terminate();
});

test('all connections of one person together may send only so much', async () => {
  await using world = await startWorld({ settings: { SOCKET_MESSAGES_PER_USER: '1' } });
  const { token } = await world.member('viewer');
  const sockets = [await RawSocket.signedIn(world.port, token), await RawSocket.signedIn(world.port, token)];
  const other = await RawSocket.signedIn(world.port, (await world.member('viewer')).token);
  const stop = { method: 'query', params: { path: 'no.such' } };
  let sent = 0;
  while (!sockets.some((socket) => socket.codes().includes('TOO_MANY_REQUESTS'))) {
    for (const socket of sockets) socket.send({ id: (sent += 1), ...stop });
    await Promise.all(sockets.map((socket) => socket.until(({ frames }) => frames.length === sent / 2)));
  }
  // Each alone may send 640 at once.
  expect(sent).toBeLessThan(500);
  expect(world.counts['refused rate']).toBeGreaterThan(0);
  other.send({ id: 1, ...stop });
  await other.until(({ frames }) => frames.length === 1);
  expect(other.codes()).toEqual(['UNKNOWN_PROCEDURE']);
  for (const socket of [...sockets, other]) socket.ws.terminate();
});

test('calls run so many at a time, wait in line, and are refused when the line is full', async () => {
  await using world = await startWorld({ settings: { SOCKET_MAX_CALLS: '20' } });
  const { promise, resolve } = Promise.withResolvers<void>();
  hooks.slow = promise;
  begun.slow = 0;
  const socket = await RawSocket.signedIn(world.port, (await world.member('viewer')).token);
  const call = {
    method: 'query',
    params: { path: 'test.slow', input: { json: { projectId: world.projectId } } },
  };
  socket.send(Array.from({ length: 22 }, (_, id) => ({ id, ...call })));
  await socket.until(({ frames }) => frames.length === 2);
  expect(socket.codes()).toEqual(['TOO_MANY_REQUESTS', 'TOO_MANY_REQUESTS']);
  await eventually(() => begun.slow === 16);
  // What is no call does not stand in line.
  socket.send('PING');
  await socket.until(({ frames }) => frames.includes('PONG'));
  expect(begun.slow).toBe(16);
  resolve();
  await socket.until(({ frames }) => frames.length === 2 + 1 + 20);
  expect(begun.slow).toBe(20);
  socket.ws.terminate();
});

test('a socket with more calls than it may have under way is not read, lives on, and is read again', async () => {
  await using world = await startWorld({
    settings: { SOCKET_PING_SECONDS: '1', SOCKET_PONG_SECONDS: '1' },
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  hooks.slow = promise;
  const socket = await RawSocket.signedIn(world.port, (await world.member('viewer')).token);
  const call = {
    method: 'query',
    params: { path: 'test.slow', input: { json: { projectId: world.projectId } } },
  };
  begun.slow = 0;
  let pings = 0;
  socket.ws.on('ping', () => (pings += 1));
  socket.send(Array.from({ length: 32 }, (_, id) => ({ id, ...call })));
  socket.send({ id: 32, ...call });
  await eventually(() => begun.slow === 16);
  socket.send('PING');
  await eventually(() => pings === 2);
  expect(socket.frames).toEqual([]);
  resolve();
  await socket.until(({ frames }) => frames.length === 34);
  expect(socket.frames).toContain('PONG');
  expect(socket.closed).toBeUndefined();
  socket.ws.terminate();
});

test('a message may come in parts, but not in so many that they cost more than they say', async () => {
  await using world = await startWorld();
  const text = JSON.stringify({ id: 1, method: 'query', params: { path: 'no.such' } });
  const sendInParts = (socket: RawSocket, parts: number) => {
    for (let part = 0; part < parts; part += 1) {
      const piece = part < text.length ? text[part]! : ' ';
      socket.ws.send(piece, { fin: part === parts - 1 });
      if (part === 5) socket.ws.ping();
    }
  };
  const patient = await RawSocket.open(world.port);
  sendInParts(patient, 100);
  await patient.until(({ frames }) => frames.length === 1);
  expect(patient.codes()).toEqual(['UNKNOWN_PROCEDURE']);
  const endless = await RawSocket.open(world.port);
  sendInParts(endless, 200);
  await endless.until(({ closed }) => closed !== undefined);
  expect(endless.closed?.code).toBe(1008);
  patient.ws.terminate();
});

test('compression is not agreed on, whoever offers it', async () => {
  await using world = await startWorld();
  const socket = await RawSocket.open(world.port, '', { perMessageDeflate: true });
  expect(socket.ws.extensions).toBe('');
  socket.ws.terminate();
});
