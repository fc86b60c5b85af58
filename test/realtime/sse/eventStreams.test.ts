/** Subscriptions over server-sent events: who may, how they resume, what bounds them, how they end. */
import { request } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { FetchLike } from 'eventsource';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Watched } from '../../../client/src/index.ts';
import type { Hub } from '../../../src/realtime/Hub.ts';
import { openWire } from '../../../demo/cutWire.ts';
import { collectFrames } from '../../support/collectFrames.ts';
import { type Person, type TestServer, startServer } from '../../support/server.ts';
import { type PlainEvent, dataOf, openStream, stockSseClient } from '../../support/sseClient.ts';
import { eventually } from '../world.ts';

type Frame = Watched<'threads'>;

let server: TestServer;
let ada: Person;
let projectId: string;
let threadId: string;

beforeAll(async () => {
  server = await startServer({
    settings: { SOCKET_PING_SECONDS: '1', SOCKET_MAX_SUBSCRIPTIONS: '3', SOCKET_MAX_PER_USER: '4' },
  });
  ada = await server.person('Ada');
  ({ id: projectId } = await ada.client.projects.create.mutate({ name: 'Streams' }));
  const { thread } = await ada.client.threads.create.mutate({
    projectId,
    subjectType: 'project',
    subjectId: projectId,
    body: 'Hello.',
  });
  threadId = thread.id;
});
afterAll(() => server.close());

const bearer = (person: Person) => ({ authorization: `Bearer ${person.token}` });
const watch = (headers: Record<string, string>, url = server.url) =>
  openStream(url, 'threads.watch', { projectId, threadId }, headers);
const comment = (body: string) => ada.client.comments.add.mutate({ projectId, threadId, body });
async function member(role = 'editor'): Promise<Person> {
  const person = await server.person('Member');
  await ada.client.members.add.mutate({ projectId, actorId: person.id, role });
  return person;
}
/** Pings may come in between. */
const withoutPings = (events: PlainEvent[]) => events.filter(({ event }) => event !== 'ping');
/** Bodies of the comments that were told of, in order. */
const bodies = (frames: Frame[]) =>
  frames.flatMap((frame) =>
    frame.type === 'comment.added' ? [(frame.payload as { body: string }).body] : [],
  );

test('a stream that breaks again and again resumes where it stopped, without a hole or a second snapshot', async () => {
  await using wire = await openWire(server.url);
  const { token } = await member();
  const frames = collectFrames<Frame>((on) =>
    stockSseClient(wire.url, token).threads.watch.subscribe({ projectId, threadId }, on),
  );
  await frames.until(({ type }) => type === 'snapshot');
  for (const round of [1, 2]) {
    wire.cut();
    await comment(`while away ${round}`);
    wire.mend();
    await frames.until(() => bodies(frames.received).includes(`while away ${round}`));
  }
  await comment('and live');
  await frames.until(() => bodies(frames.received).includes('and live'));
  frames.stop();
  expect(bodies(frames.received)).toEqual(['while away 1', 'while away 2', 'and live']);
  expect(frames.received.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
});

test("EventSource's own header says where to go on, before what stands in the URL", async () => {
  const reader = await member();
  await using first = await watch(bearer(reader));
  const told = ({ events }: typeof first) => withoutPings(events);
  await first.until(() => told(first).length === 2);
  await comment('one');
  await comment('two');
  await first.until(() => told(first).length === 4);
  const [, snapshot, one, two] = told(first);
  await using later = await openStream(
    server.url,
    'threads.watch',
    { projectId, threadId, lastEventId: snapshot?.['id'] },
    { ...bearer(reader), 'last-event-id': one?.['id'] ?? '' },
  );
  await later.until(() => told(later).length === 2);
  const [connected, replayed] = told(later);
  expect(connected?.['event']).toBe('connected');
  expect(replayed).toEqual(two);
});

test('a cursor that no subscription gave out is told so in an event, for EventSource reads no status', async () => {
  await using stream = await watch({ ...bearer(await member()), 'last-event-id': 'nonsense' });
  const events = await stream.until((_, isOver) => isOver);
  expect(stream.response.statusCode).toBe(200);
  const error = events.at(-1);
  expect(error?.['event']).toBe('serialized-error');
  expect(dataOf(error)).toMatchObject({ data: { code: 'CURSOR_INVALID' } });
});

test('who is removed from the project gets FORBIDDEN at once, and nothing after it', async () => {
  const leaving = await member();
  await using stream = await watch(bearer(leaving));
  await stream.until((events) => withoutPings(events).length >= 2);
  await ada.client.members.remove.mutate({ projectId, actorId: leaving.id });
  await comment('not for them');
  const events = withoutPings(await stream.until((_, isOver) => isOver));
  expect(events.map(({ event }) => event)).toEqual(['connected', undefined, 'serialized-error']);
  expect(dataOf(events[2])).toMatchObject({ data: { code: 'FORBIDDEN' } });
});

test('a project that one may not see is as if it were not there', async () => {
  await using stream = await watch(bearer(await server.person('Stranger')));
  const events = await stream.until((_, isOver) => isOver);
  expect(withoutPings(events).map(dataOf)).toMatchObject([{ data: { code: 'NOT_FOUND' } }]);
});

test("the session cookie signs in a page of ours, not one of somebody else's", async () => {
  const cookie = `tessera_session=${(await member()).token}`;
  const own: [string, string][] = [
    ['sec-fetch-site', 'same-origin'],
    ['origin', server.url],
  ];
  for (const [name, value] of own) {
    await using ours = await watch({ cookie, [name]: value });
    const [connected] = await ours.until((events) => events.length >= 2);
    expect(connected?.['event']).toBe('connected');
  }
  const foreign: [string, string][] = [
    ['sec-fetch-site', 'cross-site'],
    ['origin', 'https://evil.example'],
  ];
  for (const [name, value] of foreign) {
    await using theirs = await watch({ cookie, [name]: value });
    const events = await theirs.until((_, isOver) => isOver);
    expect(withoutPings(events).map(dataOf)).toMatchObject([{ data: { code: 'UNAUTHORIZED' } }]);
  }
});

test('a credential in the URL is refused', async () => {
  const url = `${server.url}/trpc/threads.watch?connectionParams=${encodeURIComponent(JSON.stringify({ token: ada.token }))}`;
  const text = await (await fetch(url)).text();
  expect(text).toContain('serialized-error');
  expect(text).toContain('MALFORMED_REQUEST');
  expect(text).not.toContain(ada.token);
});

test('subscriptions are neither posted nor batched', async () => {
  const headers = { ...bearer(ada), 'content-type': 'application/json' };
  const body = JSON.stringify({ json: { projectId } });
  const answers = await Promise.all([
    fetch(`${server.url}/trpc/threads.watch`, { method: 'POST', headers, body }),
    fetch(`${server.url}/trpc/threads.watch?batch=1&input=${encodeURIComponent(`{"0":${body}}`)}`, {
      headers,
    }),
    fetch(`${server.url}/trpc/auth.me,threads.watch?batch=1`, { headers }),
  ]);
  for (const answer of answers) {
    expect(answer.status).toBe(405);
    expect(await answer.json()).toMatchObject({ code: 'METHOD_NOT_SUPPORTED' });
  }
});

test('a quiet stream is kept alive by pings, and tells the client when to think it dead', async () => {
  await using stream = await watch(bearer(await member()));
  const events = await stream.until((all) => all.some(({ event }) => event === 'ping'));
  expect(JSON.parse(events[0]?.['data'] ?? '')).toEqual({ reconnectAfterInactivityMs: 10_000 });
  expect(stream.response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
  });
});

test('one credential opens so many streams and no more, until one of them is closed', async () => {
  const reader = await member();
  const streams = await Promise.all([1, 2, 3].map(() => watch(bearer(reader))));
  await Promise.all(streams.map((stream) => stream.until((events) => events.length >= 2)));
  await using fourth = await watch(bearer(reader));
  const events = await fourth.until((_, isOver) => isOver);
  expect(withoutPings(events).map(dataOf)).toMatchObject([{ data: { code: 'TOO_MANY_SUBSCRIPTIONS' } }]);
  await Promise.all(streams.map((stream) => stream[Symbol.asyncDispose]()));
  await eventually(async () => {
    await using again = await watch(bearer(reader));
    const [first] = await again.until((all) => all.length > 0);
    return first?.['event'] === 'connected';
  });
});

test('one person has so many streams and no more, whatever they sign in with', async () => {
  const reader = await member();
  const { email, password } = reader;
  const { token } = await reader.client.auth.login.mutate({ email, password });
  const streams = await Promise.all([1, 2, 3].map(() => watch(bearer(reader))));
  streams.push(await watch({ authorization: `Bearer ${token}` }));
  await Promise.all(streams.map((stream) => stream.until((events) => events.length >= 2)));
  await using fifth = await watch({ authorization: `Bearer ${token}` });
  const events = await fifth.until((_, isOver) => isOver);
  expect(dataOf(events.at(-1))).toMatchObject({ data: { code: 'TOO_MANY_CONNECTIONS' } });
  await Promise.all(streams.map((stream) => stream[Symbol.asyncDispose]()));
});

test('before its credential runs out a stream ends without an error, so that the client comes with a fresh one', async () => {
  const reader = await member();
  await server.tessera.services.reads.query(
    `update sessions set expires_at = now() + interval '4 seconds' where user_id = $1`,
    [reader.id],
  );
  const end = Date.now() + 4_000;
  await using stream = await watch(bearer(reader));
  const events = await stream.until((_, isOver) => isOver);
  expect(Date.now()).toBeLessThan(end);
  expect(withoutPings(events).map(({ event }) => event)).toEqual(['connected', undefined]);
});

test('a reader who stops reading costs bounded memory, and misses nothing when they go on', async () => {
  const { services } = server.tessera;
  const { id } = await ada.client.projects.create.mutate({ name: 'Slow' });
  const stream = `project:${id}` as const;
  const query = encodeURIComponent(JSON.stringify({ json: { projectId: id } }));
  const slow = request(`${server.url}/trpc/projects.watch?input=${query}`, { headers: bearer(ada) }).end();
  const [response] = (await once(slow, 'response')) as [IncomingMessage];
  const total = 3500;
  const seqs: number[] = [];
  const begun = Promise.withResolvers<void>();
  const whole = Promise.withResolvers<void>();
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('id: ')) seqs.push(Number(line.split('.')[1]));
    if (seqs.length === 1) begun.resolve();
    if (seqs.length === total + 1) whole.resolve();
  });
  // Not before its snapshot is there, which would have all in it.
  await begun.promise;
  response.pause();
  await services.reads.query(
    `with head as (update streams set seq = seq + $2 where stream = $1 returning seq - $2 as seq)
     insert into events (stream, seq, type, subject, payload, created_at)
     select $1, head.seq + n, 'star.added', 'project:x', jsonb_build_object('body', repeat('x', 4000)), now()
     from head, generate_series(1, $2::int) n`,
    [stream, total],
  );
  const hub = services.feed as Hub;
  const before = hub.stats().delivered;
  await using quick = await openStream(
    server.url,
    'projects.watch',
    { projectId: id },
    { ...bearer(ada), 'last-event-id': '1.0' },
  );
  await quick.until((events) => events.length > total);
  // 14 MB were there to send; what the kernel did not take waits in the log.
  expect(hub.stats().delivered - before).toBeLessThan(2 * total);
  response.resume();
  await whole.promise;
  slow.destroy();
  expect(seqs).toEqual(Array.from({ length: total + 1 }, (_, n) => (seqs[0] ?? 0) + n));
});

test('a node that stops sends its readers away, and they lose nothing', async () => {
  const leaving = await startServer({ beside: server });
  const stopping = leaving.url;
  const { token } = await member();
  let to = stopping;
  const opened: string[] = [];
  const elsewhere = ((url: string | URL, init: object) => {
    opened.push(to);
    return fetch(String(url).replace(stopping, to), init);
  }) as unknown as FetchLike;
  const frames = collectFrames<Frame>((on) =>
    stockSseClient(stopping, token, elsewhere).threads.watch.subscribe({ projectId, threadId }, on),
  );
  await frames.until(({ type }) => type === 'snapshot');
  await comment('before');
  await frames.until(() => bodies(frames.received).includes('before'));
  to = server.url;
  const writing = (async () => {
    for (let n = 0; n < 20; n += 1) await comment(`during ${n}`);
  })();
  await leaving.close();
  await writing;
  await frames.until(() => bodies(frames.received).includes('during 19'));
  frames.stop();
  expect(opened).toEqual([stopping, server.url]);
  expect(bodies(frames.received)).toEqual(['before', ...Array.from({ length: 20 }, (_, n) => `during ${n}`)]);
});

test('a process for calls alone serves no socket but the same streams, one for sockets alone the streams too', async () => {
  for (const service of ['api', 'realtime'] as const) {
    const node = await startServer({ beside: server, services: new Set([service]) });
    try {
      await using stream = await watch(bearer(await member()), node.url);
      const [connected] = await stream.until((events) => events.length >= 2);
      expect(connected?.['event']).toBe('connected');
      const call = await fetch(`${node.url}/trpc/auth.me`, { headers: bearer(ada) });
      expect(call.status).toBe(service === 'api' ? 200 : 404);
    } finally {
      await node.close();
    }
  }
});
