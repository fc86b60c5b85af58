import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeCodes } from '../../src/realtime/protocol.ts';
import { RawSocket } from './RawSocket.ts';
import { begun } from './testRouter.ts';
import { type World, eventually, startWorld, watchProject } from './world.ts';

/** Runs `harm` beside a watcher, who must go on as if nothing happened. */
async function besideWatcher(world: World, harm: () => Promise<void>): Promise<void> {
  const { token } = await world.member('viewer');
  const watching = watchProject(world.connect(token).client, world.projectId);
  await watching.until(({ values }) => values.length === 1);
  await harm();
  await world.comment();
  await watching.until(({ values }) => values.length === 2);
  expect(watching.error).toBeUndefined();
}

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
    await using world = await startWorld();
    await besideWatcher(world, async () => {
      const socket = await RawSocket.open(world.port);
      socket.ws.send(frame);
      await socket.until(({ closed }) => closed !== undefined);
      expect(socket.closed?.code).toBe(code);
      expect(socket.messages()).toMatchObject([
        { id: null, error: { json: { data: { code: 'MALFORMED_REQUEST' } } } },
      ]);
    });
    await eventually(() => world.realtime.connections() === 1);
  },
);

test('a frame larger than allowed closes its socket alone', async () => {
  await using world = await startWorld({ settings: { SOCKET_MAX_FRAME_BYTES: '4096' } });
  await besideWatcher(world, async () => {
    const socket = await RawSocket.open(world.port);
    socket.send('x'.repeat(5000));
    await socket.until(({ closed }) => closed !== undefined);
    expect(socket.closed?.code).toBe(closeCodes.tooLarge);
  });
});

test('random bytes on the socket, framed or not, harm nobody', async () => {
  await using world = await startWorld();
  await besideWatcher(world, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' })), async (text) => {
        const socket = await RawSocket.open(world.port);
        socket.send(text);
        socket.send('PING');
        await socket.until(({ closed, frames }) => closed !== undefined || frames.includes('PONG'));
        socket.ws.terminate();
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
  await eventually(() => world.realtime.connections() === 1);
  expect(world.realtime.subscriptions()).toBe(1);
});

test('hostile inputs of calls fail those calls only', async () => {
  await using world = await startWorld();
  const socket = await RawSocket.open(world.port);
  const inputs = [
    { json: { projectId: world.projectId }, meta: { values: { '__proto__.x': ['Date'] } } },
    { json: JSON.parse('{"__proto__":{"a":1}}') },
    'text',
    [],
    { json: JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) },
  ];
  for (const [id, input] of inputs.entries())
    socket.send({ id, method: 'query', params: { path: 'test.echo', input } });
  socket.send({ id: 'long', method: 'query', params: { path: 'no.such', input: {} } });
  socket.send({ id: 'proto', method: 'query', params: { path: '__proto__', input: {} } });
  socket.send({ id: 'constructor', method: 'query', params: { path: 'constructor.constructor', input: {} } });
  await socket.until(({ frames }) => frames.length === inputs.length + 3);
  expect(socket.closed).toBeUndefined();
  expect(socket.codes()).toHaveLength(inputs.length + 3);
  expect(socket.codes().slice(-3)).toEqual(['UNKNOWN_PROCEDURE', 'UNKNOWN_PROCEDURE', 'UNKNOWN_PROCEDURE']);
  socket.ws.terminate();
});

test('a socket that promises connectionParams must send them, and only them, in time', async () => {
  await using world = await startWorld({ settings: { SOCKET_PARAMS_SECONDS: '1' } });
  const wrong = await RawSocket.open(world.port, '?connectionParams=1');
  wrong.send({ id: 1, method: 'query', params: { path: 'test.echo' } });
  await wrong.until(({ closed }) => closed !== undefined);
  expect(wrong.closed?.code).toBe(closeCodes.notUnderstood);
  const silent = await RawSocket.open(world.port, '?connectionParams=1');
  await silent.until(({ closed }) => closed !== undefined);
  expect(silent.closed?.code).toBe(closeCodes.paramsTimeout);
});

test('a dead peer is cut off, a silent one that answers pings is not', async () => {
  await using world = await startWorld({
    settings: { SOCKET_PING_SECONDS: '1', SOCKET_PONG_SECONDS: '1' },
  });
  const dead = await RawSocket.open(world.port, '', { autoPong: false });
  const silent = await RawSocket.open(world.port);
  await dead.until(({ closed }) => closed !== undefined);
  expect(dead.closed?.code).toBe(1006);
  expect(silent.closed).toBeUndefined();
  silent.ws.terminate();
});

test('who floods is refused call by call, then closed', async () => {
  await using world = await startWorld();
  await besideWatcher(world, async () => {
    const socket = await RawSocket.open(world.port);
    for (let id = 0; !socket.closed; id += 1) {
      socket.send({ id, method: 'query', params: { path: 'no.such' } });
      if (id % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(socket.closed?.code).toBe(closeCodes.tooManyMessages);
    expect(socket.codes()).toContain('TOO_MANY_REQUESTS');
  });
});

test('a reader who stops reading costs bounded memory, holds up nobody, and goes on without a hole', async () => {
  const limit = 65_536;
  await using world = await startWorld({ settings: { SOCKET_QUEUE_BYTES: String(limit) } });
  const { token } = await world.member('viewer');
  const slow = await RawSocket.signedIn(world.port, token);
  slow.send({
    id: 1,
    method: 'subscription',
    params: { path: 'test.watch', input: { json: { projectId: world.projectId } } },
  });
  await slow.until(({ frames }) => frames.length === 2);
  slow.ws.pause();
  const total = 8000;
  const bytes = 2000;
  await world.database.reads.query(
    `with head as (insert into streams (stream, seq) values ($1, $2))
     insert into events (stream, seq, type, subject, payload, created_at)
     select $1, n, 'comment.added', 'thread:x', jsonb_build_object('body', repeat('x', $3)), now() from generate_series(1, $2) n`,
    [world.stream, total, bytes],
  );
  const quick = watchProject(world.connect((await world.member('viewer')).token).client, world.projectId, {
    lastEventId: '1.0',
  });
  await quick.until(({ values }) => values.length === total);
  // 16 MB were there to send; what the kernel did not take waits in the log.
  expect(world.hub.stats().delivered).toBeLessThan(2 * total);
  slow.ws.resume();
  await slow.until(({ frames }) => frames.length === total + 2);
  const seqs = slow
    .messages()
    .slice(2)
    .map(({ result }) => Number(result?.id?.split('.')[1]));
  expect(seqs).toEqual(Array.from({ length: total }, (_, index) => index + 1));
  slow.ws.terminate();
});

test('who asks for much and reads none of it is not read either', async () => {
  await using world = await startWorld({ settings: { SOCKET_QUEUE_BYTES: '65536' } });
  const { token } = await world.member('viewer');
  const socket = await RawSocket.signedIn(world.port, token);
  socket.ws.pause();
  const call = (id: number) =>
    socket.send({
      id,
      method: 'query',
      params: { path: 'test.large', input: { json: { projectId: world.projectId, bytes: 1_000_000 } } },
    });
  begun.large = 0;
  for (let id = 0; id < 60; id += 1) call(id);
  await eventually(() => world.realtime.backlog().readers === 1);
  // Others go on, so all that could begin has.
  const { client } = world.connect((await world.member('viewer')).token);
  for (let n = 0; n < 20; n += 1) await client.test.echo.query({ projectId: world.projectId });
  // The kernel's buffers take a few; the rest of them has not even begun.
  expect(begun.large).toBeLessThan(40);
  socket.ws.resume();
  await socket.until(({ frames }) => frames.length === 60);
  socket.ws.terminate();
});
