/** Who is here: joins, moves, leaves, on one node and several. */
import { randomUUID } from 'node:crypto';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import superjson from 'superjson';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTesseraClient } from '../../client/src/index.ts';
import type { AppRouter } from '../../src/routers/_app.ts';
import type { PresenceChange, PresentPerson } from '../../src/views/presence.ts';
import { type Frames, collectFrames } from '../support/collectFrames.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { startNode } from '../support/startNode.ts';
import { eventually } from './world.ts';

let server: TestServer;
let other: TestServer;
let ada: Person;
const settings = { PRESENCE_SECONDS: '1' };
const services = new Set(['api', 'realtime'] as const);

beforeAll(async () => {
  server = await startServer({ services, settings });
  other = await startServer({ beside: server, services, settings });
  ada = await server.person('Ada');
});
afterAll(async () => {
  await other.close();
  await server.close();
});

async function makeProject(...members: Person[]): Promise<string> {
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Presence' });
  for (const { id: actorId } of members)
    await ada.client.members.add.mutate({ projectId, actorId, role: 'editor' });
  return projectId;
}
async function openThread(projectId: string): Promise<string> {
  const on = { subjectType: 'project', subjectId: projectId } as const;
  return (await ada.client.threads.create.mutate({ projectId, ...on, body: 'Hello.' })).thread.id;
}

type Watching = Frames<PresenceChange>;
const watch = (client: Person['client'], projectId: string, placeId?: string): Watching =>
  collectFrames<PresenceChange>((on) => client.presence.watch.subscribe({ projectId, placeId }, on));

/** Who is here, as a client that applies every change would show it. */
function shown(frames: Watching): Map<string, PresentPerson> {
  const people = new Map<string, PresentPerson>();
  for (const change of frames.received) {
    if (change.type === 'snapshot') people.clear();
    if (change.type === 'snapshot') for (const person of change.people) people.set(person.actor.id, person);
    else if (change.type === 'present') people.set(change.person.actor.id, change.person);
    else people.delete(change.actorId);
  }
  return people;
}
const isShown = (frames: Watching, { id }: Person) => eventually(() => shown(frames).has(id));
const isGone = (frames: Watching, { id }: Person) => eventually(() => !shown(frames).has(id));
const findPlaces = async (projectId: string) =>
  (await server.tessera.services.reads.query('select 1 from presences where project_id = $1', [projectId]))
    .rows;
const leftOf = (frames: Watching) => frames.received.filter(({ type }) => type === 'left');
/** How somebody came and left: `left` twice in a row would be of somebody who was not there. */
function turnsOf(frames: Watching, { id }: Person): string {
  const turns: string[] = [];
  for (const change of frames.received) {
    if (change.type === 'left' && change.actorId === id) turns.push('left');
    else if (change.type === 'present' && change.person.actor.id === id && turns.at(-1) !== 'came')
      turns.push('came');
  }
  return turns.join(' ');
}

/** Calls over a socket of its own, which `close` closes. */
function overSocket(url: string, token: string) {
  const socket = createWSClient({ url: `${url.replace('http', 'ws')}/trpc`, connectionParams: { token } });
  const link = wsLink<AppRouter>({ client: socket, transformer: superjson });
  return { client: createTRPCClient<AppRouter>({ links: [link] }), close: () => socket.close() };
}

test('a watcher first gets who is here, then who comes, moves and goes, on every node', async () => {
  const [bob, cid] = [await server.person('Bob'), await server.person('Cid')];
  const projectId = await makeProject(bob, cid);
  const threadId = await openThread(projectId);
  await bob.client.presence.set.mutate({ projectId, subject: 'file:src/a.ts', placeId: 'tab' });
  const watchers = [server, other].map((node) => watch(node.connect(ada.token), projectId));
  const [first] = await Promise.all(
    watchers.map((frames) => frames.until(({ type }) => type === 'snapshot')),
  );
  expect(first).toMatchObject({
    type: 'snapshot',
    people: [
      {
        actor: { id: bob.id, username: bob.username, name: 'Bob', actorType: 'person' },
        state: 'active',
        places: [
          { placeId: 'tab', subject: 'file:src/a.ts', filePath: 'src/a.ts', threadId: null, state: 'active' },
        ],
      },
    ],
  });
  const cidElsewhere = other.connect(cid.token);
  await cidElsewhere.presence.set.mutate({
    projectId,
    subject: `thread:${threadId}`,
    placeId: 'p',
    state: 'idle',
  });
  for (const frames of watchers) {
    await isShown(frames, cid);
    expect(shown(frames).get(cid.id)).toMatchObject({
      state: 'idle',
      places: [{ threadId, filePath: null }],
    });
    expect(shown(frames).get(cid.id)?.lastSeenAt).toBeInstanceOf(Date);
  }
  await bob.client.presence.set.mutate({ projectId, placeId: 'tab', state: 'gone' });
  for (const frames of watchers) await isGone(frames, bob);
});

test('when somebody was last seen is when they last did something, however long they stay', async () => {
  const bob = await server.person('Bob');
  const projectId = await makeProject(bob);
  const seen = async () => {
    const frames = watch(ada.client, projectId);
    await isShown(frames, bob);
    frames.stop();
    return shown(frames).get(bob.id)?.lastSeenAt.getTime() ?? 0;
  };
  await bob.client.presence.set.mutate({ projectId, placeId: 'tab' });
  const first = await seen();
  const here = watch(bob.client, projectId, 'tab');
  await here.until(({ type }) => type === 'snapshot');
  const there = watch(other.connect(bob.token), projectId, 'tab');
  await there.until(({ type }) => type === 'snapshot');
  expect(await seen()).toBe(first);
  await bob.client.presence.set.mutate({ projectId, placeId: 'tab', state: 'idle' });
  await eventually(async () => (await seen()) > first);
  for (const frames of [here, there]) frames.stop();
});

test('two tabs of a person are one person with two places, active when one of them is', async () => {
  const bob = await server.person('Bob');
  const projectId = await makeProject(bob);
  const frames = watch(ada.client, projectId);
  await frames.until(({ type }) => type === 'snapshot');
  const tabs = [overSocket(server.url, bob.token), overSocket(other.url, bob.token)] as const;
  await tabs[0].client.presence.set.mutate({ projectId, subject: 'file:a.ts', state: 'idle' });
  await tabs[1].client.presence.set.mutate({ projectId, subject: 'file:b.ts' });
  await eventually(() => shown(frames).get(bob.id)?.places.length === 2);
  expect(shown(frames).get(bob.id)).toMatchObject({
    state: 'active',
    places: [{ filePath: 'b.ts' }, { filePath: 'a.ts', state: 'idle' }],
  });
  await tabs[1].close();
  await eventually(() => shown(frames).get(bob.id)?.places.length === 1);
  expect(shown(frames).get(bob.id)?.state).toBe('idle');
  await tabs[0].close();
  await isGone(frames, bob);
  expect(leftOf(frames)).toHaveLength(1);
});

test('a socket or subscription that stays keeps its place', async () => {
  const bob = await server.person('Bob');
  const projectId = await makeProject(bob);
  const frames = watch(ada.client, projectId);
  await frames.until(({ type }) => type === 'snapshot');
  const placeId = randomUUID();
  const here = watch(server.connect(bob.token), projectId, placeId);
  await isShown(frames, bob);
  await bob.client.presence.set.mutate({ projectId, placeId, subject: 'file:a.ts' });
  const socket = overSocket(server.url, bob.token);
  await socket.client.presence.set.mutate({ projectId });
  // Longer than what nothing holds would be kept.
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  expect(shown(frames).get(bob.id)?.places).toHaveLength(2);
  await socket.close();
  await eventually(() => shown(frames).get(bob.id)?.places.length === 1);
  expect(shown(frames).get(bob.id)?.places).toMatchObject([{ placeId, filePath: 'a.ts' }]);
  here.stop();
  await isGone(frames, bob);
});

test('a client that reconnects within the grace, to another node, takes its place along unseen', async () => {
  const graceMs = 333;
  let took = Infinity;
  // A machine that is too slow to be back in time shows nothing: once more.
  while (took > graceMs) {
    const bob = await server.person('Bob');
    const projectId = await makeProject(bob);
    const frames = watch(ada.client, projectId);
    await frames.until(({ type }) => type === 'snapshot');
    const placeId = randomUUID();
    const here = watch(server.connect(bob.token), projectId, placeId);
    await isShown(frames, bob);
    await bob.client.presence.set.mutate({ projectId, placeId, subject: 'file:a.ts' });
    await eventually(() => shown(frames).get(bob.id)?.places[0]?.filePath === 'a.ts');
    const began = performance.now();
    here.stop();
    const there = watch(other.connect(bob.token), projectId, placeId);
    await there.until(({ type }) => type === 'snapshot');
    took = performance.now() - began;
    // Until after the grace.
    await new Promise((resolve) => setTimeout(resolve, 600));
    const places = shown(frames).get(bob.id)?.places;
    there.stop();
    await isGone(frames, bob);
    if (took > graceMs) continue;
    expect(places).toMatchObject([{ placeId, filePath: 'a.ts' }]);
    expect(turnsOf(frames, bob)).toBe('came left');
  }
});

test('the people of a node that has died are gone after a while, but for who is at another by then', async () => {
  const [bob, cid] = [await server.person('Bob'), await server.person('Cid')];
  const projectId = await makeProject(bob, cid);
  const { reads } = server.tessera.services;
  const dead = randomUUID();
  const hearOf = (when: string) =>
    reads.query(
      `insert into presence_nodes (id, seen_at) values ($1, now() + $2::interval)
       on conflict (id) do update set seen_at = excluded.seen_at`,
      [dead, when],
    );
  // It lives until Cid is at another.
  await hearOf('1 hour');
  for (const { id } of [bob, cid])
    await reads.query(
      `insert into presences (project_id, actor_id, place_id, node_id, state) values ($1, $2, 'tab', $3, 'active')`,
      [projectId, id, dead],
    );
  const frames = watch(ada.client, projectId);
  await frames.until(({ type }) => type === 'snapshot');
  expect([...shown(frames).keys()].toSorted()).toEqual([bob.id, cid.id].toSorted());
  const returned = watch(cid.client, projectId, 'tab');
  await returned.until(({ type }) => type === 'snapshot');
  const moved = 'select from presences where project_id = $1 and actor_id = $2 and node_id <> $3';
  await eventually(async () => (await reads.query(moved, [projectId, cid.id, dead])).rowCount === 1);
  await hearOf('-1 minute');
  await isGone(frames, bob);
  expect(shown(frames).has(cid.id)).toBe(true);
  expect(leftOf(frames)).toEqual([{ type: 'left', actorId: bob.id }]);
});

test('a node that is killed takes its people along after a while, those it held by a socket and by a subscription', async () => {
  const { connection } = server.database;
  const host = encodeURIComponent(connection.host);
  const node = await startNode(
    {
      DATA_DIR: server.dataDir,
      DATABASE_URL: `postgres://${connection.user}@localhost/${connection.database}?host=${host}&port=${connection.port}`,
      SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      ...settings,
    },
    'api,realtime',
  );
  const [bob, cid] = [await server.person('Bob'), await server.person('Cid')];
  const projectId = await makeProject(bob, cid);
  const frames = watch(ada.client, projectId);
  await frames.until(({ type }) => type === 'snapshot');
  const there = createTesseraClient({ url: node.url, token: bob.token });
  const watching = watch(there, projectId, 'tab');
  const socket = overSocket(node.url, cid.token);
  await socket.client.presence.set.mutate({ projectId });
  await Promise.all([isShown(frames, bob), isShown(frames, cid)]);
  await node.kill();
  await Promise.all([isGone(frames, bob), isGone(frames, cid)]);
  // A node that is starved for a second may have been taken for dead before: then they left, came and left.
  expect(turnsOf(frames, bob)).toMatch(/^(?:came left ?)+$/);
  expect(turnsOf(frames, cid)).toMatch(/^(?:came left ?)+$/);
  watching.stop();
  await Promise.all([there.close(), socket.close()]);
});

test('a node that everybody takes for dead, but is not, says anew who is there', async () => {
  const bob = await server.person('Bob');
  const projectId = await makeProject(bob);
  const frames = watch(ada.client, projectId);
  const here = watch(bob.client, projectId, 'tab');
  await Promise.all([frames, here].map((each) => each.until(({ type }) => type === 'snapshot')));
  await isShown(frames, bob);
  // What a crash of PostgreSQL does to unlogged tables.
  await server.tessera.services.reads.query('truncate presences, presence_nodes');
  await eventually(async () => (await findPlaces(projectId)).length === 1);
  await isShown(frames, bob);
  expect(shown(frames).get(bob.id)?.places).toMatchObject([{ placeId: 'tab', subject: null }]);
});

test('messages that are lost on the bus delay a change, they do not hide it', async () => {
  const bob = await server.person('Bob');
  const projectId = await makeProject(bob);
  const frames = watch(ada.client, projectId);
  await frames.until(({ type }) => type === 'snapshot');
  await server.tessera.services.reads.query(
    `insert into presences (project_id, actor_id, place_id, state, expires_at) values ($1, $2, 'tab', 'active', now() + interval '1 day')`,
    [projectId, bob.id],
  );
  await isShown(frames, bob);
  expect(frames.received.map(({ type }) => type)).toEqual(['snapshot', 'present']);
});

test('who loses the right is gone at once, watching and being seen', async () => {
  const [bob, cid] = [await server.person('Bob'), await server.person('Cid')];
  const projectId = await makeProject(bob, cid);
  const frames = watch(ada.client, projectId);
  const watching = watch(bob.client, projectId, 'tab');
  await Promise.all([frames, watching].map((each) => each.until(({ type }) => type === 'snapshot')));
  await cid.client.presence.set.mutate({ projectId });
  await Promise.all([isShown(frames, bob), isShown(frames, cid)]);
  for (const { id: actorId } of [bob, cid]) await ada.client.members.remove.mutate({ projectId, actorId });
  await expect(watching.until(() => false)).rejects.toMatchObject({ data: { code: 'FORBIDDEN' } });
  await Promise.all([isGone(frames, bob), isGone(frames, cid)]);
});

test('a project that one may not see shows nobody and takes nobody in', async () => {
  const bob = await server.person('Bob');
  const projectId = await makeProject();
  expect(await failureOf(bob.client.presence.set.mutate({ projectId }))).toMatchObject({ code: 'NOT_FOUND' });
  await expect(watch(bob.client, projectId).until(() => false)).rejects.toMatchObject({
    data: { code: 'NOT_FOUND' },
  });
});

test('a thread of another project, a deleted one, and a path that is none are refused', async () => {
  const [projectId, elsewhere] = [await makeProject(), await makeProject()];
  const [threadId, foreign] = [await openThread(projectId), await openThread(elsewhere)];
  await ada.client.threads.delete.mutate({ projectId, threadId });
  const set = (subject: string) => failureOf(ada.client.presence.set.mutate({ projectId, subject }));
  expect(await set(`thread:${foreign}`)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await set(`thread:${threadId}`)).toMatchObject({ code: 'NOT_FOUND' });
  for (const path of ['', '/etc/passwd', '../a', 'a//b'])
    expect(await set(`file:${path}`)).toMatchObject({ code: 'PATH_REFUSED' });
  for (const subject of ['thread:x', 'table:a', 'a.ts'])
    expect(await set(subject)).toMatchObject({ code: 'BAD_INPUT' });
});

test('of many moves at once the last counts, and watchers are not told of each', async () => {
  const bob = await server.person('Bob');
  const projectId = await makeProject(bob);
  const frames = watch(ada.client, projectId);
  await frames.until(({ type }) => type === 'snapshot');
  const moves = Array.from({ length: 30 }, (_, n) => n);
  const many = overSocket(server.url, bob.token);
  const told = frames.received.length;
  const began = performance.now();
  await Promise.all(
    moves.map((n) => many.client.presence.set.mutate({ projectId, placeId: 'tab', subject: `file:${n}.ts` })),
  );
  await many.client.presence.set.mutate({ projectId, placeId: 'tab', subject: 'file:last.ts' });
  await eventually(() => shown(frames).get(bob.id)?.places[0]?.filePath === 'last.ts');
  const tenths = Math.ceil((performance.now() - began) / 100);
  expect(frames.received.length - told).toBeLessThanOrEqual(tenths + 2);
  await many.close();
});

test('a person has so many places and no more', async () => {
  const bob = await server.person('Bob');
  const projectId = await makeProject(bob);
  await server.tessera.services.reads.query(
    `insert into presences (project_id, actor_id, place_id, state, expires_at)
     select $1, $2, 'tab' || n, 'active', now() + interval '1 day' from generate_series(1, 64) n`,
    [projectId, bob.id],
  );
  const set = (placeId: string) => bob.client.presence.set.mutate({ projectId, placeId });
  expect(await failureOf(set('another'))).toMatchObject({ code: 'TOO_MANY_PLACES' });
  await expect(watch(bob.client, projectId, 'another').until(() => false)).rejects.toMatchObject({
    data: { code: 'TOO_MANY_PLACES' },
  });
  await set('tab1');
  await bob.client.presence.set.mutate({ projectId, placeId: 'tab2', state: 'gone' });
  await set('another');
});
