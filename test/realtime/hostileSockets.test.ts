import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeCodes } from '../../src/realtime/protocol.ts';
import { BareSocket } from './BareSocket.ts';
import { RawSocket } from './RawSocket.ts';
import { type World, eventually, startWorld, watchProject } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** Runs `harm` beside a watcher, who must go on as if nothing happened. */
async function besideWatcher(harm: () => Promise<void>, where: World = world): Promise<void> {
  const { token } = await where.member('viewer');
  const connection = where.connect(token);
  const watching = watchProject(connection.client, where.projectId);
  await watching.until(({ values }) => values.length === 1);
  await harm();
  await where.comment();
  await watching.until(({ values }) => values.length === 2);
  expect(watching.error).toBeUndefined();
  await connection.close();
}

const nobodyIsLeft = () => eventually(() => world.realtime.connections() === 0);

test.for([
  ['what is not JSON', '{"id":1,', closeCodes.notUnderstood],
  ['an unknown method', '{"id":1,"method":"steal","params":{"path":"test.echo"}}', closeCodes.notUnderstood],
  ['no message at all', '42', closeCodes.notUnderstood],
  [
    'an id that is none',
    '{"id":{},"method":"query","params":{"path":"test.echo"}}',
    closeCodes.notUnderstood,
  ],
  ['a binary frame', randomBytes(40), closeCodes.unsupportedData],
] as const)(
  '%s is answered with what is wrong, and the socket closes with its code',
  async ([, frame, code]) => {
    await besideWatcher(async () => {
      const socket = await RawSocket.open(world.port);
      socket.ws.send(frame);
      await socket.until(({ closed }) => closed !== undefined);
      expect(socket.closed?.code).toBe(code);
      expect(socket.messages()).toMatchObject([
        { id: null, error: { json: { data: { code: 'MALFORMED_REQUEST' } } } },
      ]);
    });
    await nobodyIsLeft();
  },
);

test('a frame larger than allowed closes its socket alone, whether it comes whole or in parts', async () => {
  await using small = await startWorld({ settings: { SOCKET_MAX_FRAME_BYTES: '4096' } });
  await besideWatcher(async () => {
    const [whole, parted] = [await RawSocket.open(small.port), await RawSocket.open(small.port)];
    whole.send('x'.repeat(5000));
    for (let part = 0; part < 10; part += 1) parted.ws.send('x'.repeat(500), { fin: part === 9 });
    for (const socket of [whole, parted]) {
      await socket.until(({ closed }) => closed !== undefined);
      expect(socket.closed?.code).toBe(closeCodes.tooLarge);
    }
  }, small);
});

test('random bytes on the socket, framed or not, harm nobody', async () => {
  await besideWatcher(async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' })), async (text) => {
        const socket = await BareSocket.open(world.server);
        socket.send(text);
        socket.send('PING');
        await socket.until(({ closed, frames }) => closed !== undefined || frames.includes('PONG'));
        socket.terminate();
      }),
      { numRuns: 60 },
    );
    const upgraded = connect(world.port, '127.0.0.1');
    upgraded.on('error', () => {});
    upgraded.write(
      'GET /trpc HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await new Promise((resolve) => upgraded.once('data', resolve));
    upgraded.write(randomBytes(2000));
    await new Promise((resolve) => upgraded.once('close', resolve));
  });
  await nobodyIsLeft();
  expect(world.realtime.subscriptions()).toBe(0);
});

test('hostile inputs of calls fail those calls only', async () => {
  const socket = await BareSocket.open(world.server);
  const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown;
  const inputs = [
    { json: { projectId: world.projectId }, meta: { values: { '__proto__.x': ['Date'] } } },
    { json: { projectId: 5 }, meta: { values: { projectId: [['typed-array', 'Float64Array']] } } },
    { json: { projectId: {} }, meta: { referentialEqualities: { '': ['projectId'] } } },
    { json: JSON.parse('{"__proto__":{"a":1}}') },
    'text',
    [],
    { json: nested(5_000) },
    { json: nested(30_000) },
  ];
  for (const [id, input] of inputs.entries())
    socket.send({ id, method: 'query', params: { path: 'test.echo', input } });
  await socket.until(({ frames }) => frames.length === inputs.length);
  expect(socket.codes()).toHaveLength(inputs.length);
  const paths = ['no.such', '__proto__', 'constructor', 'toString', 'constructor.constructor', 'test', ''];
  for (const [index, path] of paths.entries()) {
    const method = index % 2 === 0 ? 'query' : 'subscription';
    socket.send({ id: path, method, params: { path, input: {} } });
  }
  await socket.until(({ frames }) => frames.length === inputs.length + paths.length);
  expect(socket.codes().slice(inputs.length)).toEqual(paths.map(() => 'UNKNOWN_PROCEDURE'));
  expect(socket.closed).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
  socket.terminate();
});

test('nothing is done for who has promised a credential and not shown it, and only one is taken', async () => {
  const { token } = await world.member('viewer');
  const calls = [
    {
      id: 1,
      method: 'query',
      params: { path: 'test.echo', input: { json: { projectId: world.projectId } } },
    },
    { id: 1, method: 'subscription.stop' },
    [],
  ];
  for (const call of calls) {
    const socket = await RawSocket.open(world.port, '?connectionParams=1');
    socket.send(call);
    socket.send({ method: 'connectionParams', data: { token } });
    await socket.until(({ closed }) => closed !== undefined);
    expect(socket.closed?.code).toBe(closeCodes.notUnderstood);
    expect(socket.codes()).toEqual(['MALFORMED_REQUEST']);
  }
  const twice = await RawSocket.signedIn(world.port, token);
  twice.send({ method: 'connectionParams', data: { token: (await world.member()).token } });
  await twice.until(({ closed }) => closed !== undefined);
  expect(twice.closed?.code).toBe(closeCodes.notUnderstood);
  const unpromised = await RawSocket.open(world.port);
  unpromised.send({ method: 'connectionParams', data: { token } });
  await unpromised.until(({ closed }) => closed !== undefined);
  expect(unpromised.closed?.code).toBe(closeCodes.notUnderstood);
});

test('what a connection stops is its own, and an id is a number or a word, not both', async () => {
  const { projectId } = world;
  const { token } = await world.member('viewer');
  const [mine, other] = [
    await BareSocket.open(world.server, token),
    await BareSocket.open(world.server, token),
  ];
  for (const socket of [mine, other]) {
    socket.subscribe('test.watch', { projectId });
    await socket.until(({ frames }) => frames.length === 2);
  }
  other.send([
    { id: '1', method: 'subscription.stop' },
    { id: 2, method: 'subscription.stop' },
    { id: 1, method: 'subscription.stop' },
  ]);
  await other.until(({ frames }) => frames.length === 3);
  expect(other.messages().at(-1)).toEqual({ id: 1, result: { type: 'stopped' } });
  mine.send({ id: '1', method: 'subscription.stop' });
  mine.send({
    id: '__proto__',
    method: 'query',
    params: { path: 'test.echo', input: { json: { projectId } } },
  });
  await mine.until(({ frames }) => frames.length === 3);
  expect(mine.messages().at(-1)).toMatchObject({ id: '__proto__', result: { type: 'data' } });
  await world.comment();
  await mine.until(({ frames }) => frames.length === 4);
  expect(other.frames).toHaveLength(3);
  for (const socket of [mine, other]) socket.terminate();
});

test.for([
  ['a word of 65 letters', `"${'x'.repeat(65)}"`],
  ['a number that is none', '1e400'],
  ['nothing', 'null'],
  ['a list', '[1]'],
])('%s is no id', async ([, id]) => {
  const socket = await BareSocket.open(world.server);
  socket.send(`{"id":${id},"method":"query","params":{"path":"test.echo"}}`);
  await socket.until(({ closed }) => closed !== undefined);
  expect(socket.closed?.code).toBe(closeCodes.notUnderstood);
});

test('a forged cursor, or one of another stream, shows nothing that its bearer may not see', async () => {
  const { projectId } = world;
  await world.comment(3);
  const stranger = await BareSocket.open(world.server, (await world.member()).token);
  stranger.subscribe('test.watch', { projectId }, 1, '1.0');
  await stranger.until(({ frames }) => frames.length === 1);
  expect(stranger.codes()).toEqual(['NOT_FOUND']);
  const guest = await BareSocket.open(world.server, (await world.member('viewer')).token);
  guest.subscribe('test.watch', { projectId, lastEventId: '2.1' }, 1);
  // What stands in the message counts before what stands in the input.
  guest.subscribe('test.watch', { projectId, lastEventId: 'nonsense' }, 2, '1.999999999999999');
  guest.subscribe('test.watch', { projectId }, 3, '0.0');
  const resyncs = () =>
    guest.messages().filter(({ result }) => {
      const value = result?.data?.json as { data: { type: string; reason?: string } } | undefined;
      return value?.data.type === 'resync' && value.data.reason === 'epoch';
    });
  await guest.until(() => resyncs().length === 3);
  for (const socket of [stranger, guest]) socket.terminate();
});

test('a socket that promises connectionParams must send them in time', async () => {
  await using brief = await startWorld({ settings: { SOCKET_PARAMS_SECONDS: '1' } });
  const silent = await RawSocket.open(brief.port, '?connectionParams=1');
  await silent.until(({ closed }) => closed !== undefined);
  expect(silent.closed?.code).toBe(closeCodes.paramsTimeout);
});

test('a dead peer is cut off, a silent one that answers pings is not', async () => {
  await using pinging = await startWorld({
    settings: { SOCKET_PING_SECONDS: '1', SOCKET_PONG_SECONDS: '1' },
  });
  const dead = await RawSocket.open(pinging.port, '', { autoPong: false });
  const silent = await RawSocket.open(pinging.port);
  await dead.until(({ closed }) => closed !== undefined);
  expect(dead.closed?.code).toBe(1006);
  expect(silent.closed).toBeUndefined();
  silent.ws.terminate();
});

test('who floods is refused call by call, then closed', async () => {
  await besideWatcher(async () => {
    const socket = await BareSocket.open(world.server);
    for (let id = 0; !socket.closed; id += 1) {
      socket.send({ id, method: 'query', params: { path: 'no.such' } });
      if (id % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(socket.closed?.code).toBe(closeCodes.tooManyMessages);
    expect(socket.codes()).toContain('TOO_MANY_REQUESTS');
  });
});
