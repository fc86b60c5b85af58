/**
 * A right that is taken away by a procedure: from its answer on the next call is refused, on every node, and
 * the subscriptions that had it end without an event that was committed afterwards.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TesseraClient, readFailure } from '../../client/src/index.ts';
import { failureOf } from '../support/failure.ts';
import { add, applyNow, permission, remove } from '../support/policy.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let here: TestServer;
let there: TestServer;
let admin: Person;
let count = 0;

beforeAll(async () => {
  const services = new Set(['api', 'realtime'] as const);
  here = await startServer({ services });
  there = await startServer({ services, beside: here });
  admin = await here.admin();
});
afterAll(async () => {
  await there.close();
  await here.close();
});

/** A live subscription: what has come, and how it ended. */
interface Watching {
  frames: { type: string; seq: number }[];
  begun: Promise<void>;
  /** Resolves with the code of the error that ended it. */
  ended: Promise<string | undefined>;
  isOver: boolean;
  /** Resolves when an event of this seq, or a later one, has come. */
  reaches(seq: number): Promise<void>;
  stop(): void;
}

interface Handlers {
  onData(frame: { data: unknown }): void;
  onError(error: unknown): void;
}

function watch(subscribe: (on: Handlers) => { unsubscribe(): void }): Watching {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string | undefined>();
  const waiting: { seq: number; resolve: () => void }[] = [];
  const watching: Watching = {
    frames: [],
    begun: begun.promise,
    ended: ended.promise,
    isOver: false,
    reaches: (seq) =>
      new Promise((resolve) => {
        if (watching.frames.some((frame) => frame.seq >= seq)) resolve();
        else waiting.push({ seq, resolve });
      }),
    stop: () => subscription.unsubscribe(),
  };
  const subscription = subscribe({
    onData: ({ data }) => {
      const frame = data as Watching['frames'][number];
      watching.frames.push(frame);
      begun.resolve();
      for (const { seq, resolve } of waiting) if (frame.seq >= seq) resolve();
    },
    onError: (error) => {
      watching.isOver = true;
      ended.resolve(readFailure(error)?.code);
    },
  });
  return watching;
}

const watchProject = (client: TesseraClient, projectId: string) =>
  watch((on) => client.projects.watch.subscribe({ projectId }, on));

/** A project, its owner, and somebody who watches it. */
interface Scene {
  owner: Person;
  victim: Person;
  projectId: string;
  /** A role of this scene alone. */
  role: string;
  organizationId: string;
  apiKeyId: string;
  /** What the victim calls and watches with. */
  credential: string;
}

const seen = ['projects.get', 'projects.watch'];

async function makeScene(): Promise<Scene> {
  count += 1;
  const owner = await here.person('Owner');
  const victim = await here.person('Victim');
  const { id: projectId } = await owner.client.projects.create.mutate({ name: `Scene ${count}` });
  const role = `seer${count}`;
  return { owner, victim, projectId, role, organizationId: '', apiKeyId: '', credential: victim.token };
}

async function joinAs(scene: Scene, role: string): Promise<void> {
  const { owner, victim, projectId } = scene;
  await owner.client.members.add.mutate({ projectId, actorId: victim.id, role });
}

async function joinByOwnRole(scene: Scene): Promise<void> {
  await admin.client.roles.create.mutate({ name: scene.role, scope: 'project' });
  await applyNow(here, admin, add(...seen.map((name) => permission(scene.role, name))));
  await joinAs(scene, scene.role);
}

async function joinByOrganization(scene: Scene): Promise<void> {
  const { owner, victim, projectId, role: username } = scene;
  const { id: organizationId } = await owner.client.organizations.create.mutate({ name: 'Guild', username });
  await owner.client.organizations.addMember.mutate({ organizationId, actorId: victim.id });
  await owner.client.members.add.mutate({ projectId, actorId: organizationId, role: 'viewer' });
  scene.organizationId = organizationId;
}

async function joinWithKey(scene: Scene): Promise<void> {
  await joinAs(scene, 'viewer');
  const made = await scene.victim.client.apiKeys.create.mutate({ name: 'key', scopes: ['projects.*'] });
  Object.assign(scene, { apiKeyId: made.apiKey.id, credential: made.key });
}

const asViewer = (scene: Scene) => joinAs(scene, 'viewer');

interface Case {
  join: (scene: Scene) => Promise<void>;
  revoke: (scene: Scene) => Promise<unknown>;
  /** How the subscriptions end. */
  ends: string;
  /** How the next call is refused. */
  next: string;
}

const cases: Record<string, Case> = {
  'the policy takes it from their role': {
    join: joinByOwnRole,
    revoke: ({ role }) => applyNow(here, admin, remove(...seen.map((name) => permission(role, name)))),
    ends: 'FORBIDDEN',
    next: 'NOT_FOUND',
  },
  'they get a role without it': {
    join: joinByOwnRole,
    async revoke({ owner, victim, projectId, role }) {
      await admin.client.roles.create.mutate({ name: `${role}-less`, scope: 'project' });
      await owner.client.members.setRole.mutate({ projectId, actorId: victim.id, role: `${role}-less` });
    },
    ends: 'FORBIDDEN',
    next: 'NOT_FOUND',
  },
  'they are removed from the project': {
    join: asViewer,
    revoke: ({ owner, victim, projectId }) =>
      owner.client.members.remove.mutate({ projectId, actorId: victim.id }),
    ends: 'FORBIDDEN',
    next: 'NOT_FOUND',
  },
  'they leave the project': {
    join: asViewer,
    revoke: ({ victim, projectId }) => victim.client.members.leave.mutate({ projectId }),
    ends: 'FORBIDDEN',
    next: 'NOT_FOUND',
  },
  'they are no longer in the organization that is a member': {
    join: joinByOrganization,
    revoke: ({ owner, victim, organizationId }) =>
      owner.client.organizations.removeMember.mutate({ organizationId, actorId: victim.id }),
    ends: 'FORBIDDEN',
    next: 'NOT_FOUND',
  },
  'the organization is a member no more': {
    join: joinByOrganization,
    revoke: ({ owner, projectId, organizationId }) =>
      owner.client.members.remove.mutate({ projectId, actorId: organizationId }),
    ends: 'FORBIDDEN',
    next: 'NOT_FOUND',
  },
  'the organization is suspended': {
    join: joinByOrganization,
    revoke: ({ organizationId }) => admin.client.actors.suspend.mutate({ actorId: organizationId }),
    ends: 'FORBIDDEN',
    next: 'NOT_FOUND',
  },
  'the project is made private': {
    join: async ({ owner, projectId }) => {
      await owner.client.projects.update.mutate({ projectId, visibility: 'public' });
    },
    revoke: ({ owner, projectId }) =>
      owner.client.projects.update.mutate({ projectId, visibility: 'private' }),
    ends: 'FORBIDDEN',
    next: 'NOT_FOUND',
  },
  'their account is suspended': {
    join: asViewer,
    revoke: ({ victim }) => admin.client.actors.suspend.mutate({ actorId: victim.id }),
    ends: 'FORBIDDEN',
    next: 'ACCOUNT_SUSPENDED',
  },
  'they sign out': {
    join: asViewer,
    revoke: ({ victim }) => victim.client.auth.logout.mutate(),
    ends: 'UNAUTHORIZED',
    next: 'UNAUTHORIZED',
  },
  'they end that session from another': {
    join: asViewer,
    async revoke({ victim }) {
      const { sessions } = victim.client.auth;
      const current = (await sessions.query({})).items.find(({ isCurrent }) => isCurrent);
      const { email, password } = victim;
      const { token } = await here.connect().auth.login.mutate({ email, password });
      await here.connect(token).auth.revokeSession.mutate({ sessionId: current?.id ?? '' });
    },
    ends: 'UNAUTHORIZED',
    next: 'UNAUTHORIZED',
  },
  'their API key is revoked': {
    join: joinWithKey,
    revoke: ({ victim, apiKeyId }) => victim.client.apiKeys.revoke.mutate({ apiKeyId }),
    ends: 'UNAUTHORIZED',
    next: 'UNAUTHORIZED',
  },
  'their API key is rotated': {
    join: joinWithKey,
    revoke: ({ victim, apiKeyId }) => victim.client.apiKeys.rotate.mutate({ apiKeyId }),
    ends: 'UNAUTHORIZED',
    next: 'UNAUTHORIZED',
  },
  'the owner of the API key is removed from the project': {
    join: joinWithKey,
    revoke: ({ owner, victim, projectId }) =>
      owner.client.members.remove.mutate({ projectId, actorId: victim.id }),
    ends: 'FORBIDDEN',
    next: 'NOT_FOUND',
  },
};

test.each(Object.entries(cases))('when %s', async (_what, { join, revoke, ends, next }) => {
  const scene = await makeScene();
  await join(scene);
  const { owner, projectId, credential } = scene;
  const keeper = await here.person('Keeper');
  await owner.client.members.add.mutate({ projectId, actorId: keeper.id, role: 'viewer' });

  const nodes = [here, there];
  const lost = nodes.map((node) => watchProject(node.connect(credential), projectId));
  const kept = nodes.map((node) => watchProject(node.connect(keeper.token), projectId));
  await Promise.all([...lost, ...kept].map(({ begun }) => begun));
  await owner.client.projects.update.mutate({ projectId, description: 'seen by all' });
  const before = (kept[0]?.frames[0]?.seq ?? 0) + 1;
  await Promise.all([...lost, ...kept].map((watching) => watching.reaches(before)));

  await revoke(scene);
  const refused = nodes.map((node) => failureOf(node.connect(credential).projects.get.query({ projectId })));
  for (const { code } of await Promise.all(refused)) expect(code).toBe(next);
  for (let n = 0; n < 3; n += 1)
    await owner.client.projects.update.mutate({ projectId, description: `seen by some ${n}` });
  for (const { ended } of lost) expect(await ended).toBe(ends);

  const { rows } = await here.tessera.services.reads.query<{ seq: string }>(
    'select seq from streams where stream = $1',
    [`project:${projectId}`],
  );
  const head = Number(rows[0]?.seq);
  for (const watching of kept) {
    await watching.reaches(head);
    expect(watching.isOver).toBe(false);
    const [first, ...events] = watching.frames;
    expect(first?.type).toBe('snapshot');
    expect(events.map(({ seq }) => seq)).toEqual(
      Array.from({ length: head - (first?.seq ?? 0) }, (_, n) => (first?.seq ?? 0) + n + 1),
    );
    watching.stop();
  }
  for (const { frames } of lost) expect(frames.at(-1)?.seq).toBe(before);
});

test('when the project is deleted, nobody gets anything of it any more, nor of its deletion', async () => {
  const scene = await makeScene();
  await asViewer(scene);
  const { owner, victim, projectId } = scene;
  const { id: elsewhere } = await owner.client.projects.create.mutate({ name: 'Elsewhere' });
  const nodes = [here, there];
  const lost = nodes.flatMap((node) =>
    [owner, victim].map(({ token }) => watchProject(node.connect(token), projectId)),
  );
  const kept = nodes.map((node) => watchProject(node.connect(owner.token), elsewhere));
  await Promise.all([...lost, ...kept].map(({ begun }) => begun));
  await owner.client.projects.delete.mutate({ projectId });
  for (const node of nodes) {
    const next = node.connect(owner.token).projects.get.query({ projectId });
    expect((await failureOf(next)).code).toBe('NOT_FOUND');
  }
  for (const { ended } of lost) expect(await ended).toBe('FORBIDDEN');
  for (const { frames } of lost) expect(frames.map(({ type }) => type)).toEqual(['snapshot']);
  await owner.client.projects.update.mutate({ projectId: elsewhere, description: 'goes on' });
  for (const watching of kept) {
    await watching.reaches((watching.frames[0]?.seq ?? 0) + 1);
    expect(watching.isOver).toBe(false);
    watching.stop();
  }
});

test('who is suspended loses their own inbox too, and their jobs and threads, wherever they watch them', async () => {
  const scene = await makeScene();
  await asViewer(scene);
  const { victim, projectId } = scene;
  const clients = [here, there].map((node) => node.connect(victim.token));
  const watchings = clients.flatMap((client) => [
    watch((on) => client.notifications.watch.subscribe({}, on)),
    watch((on) => client.threads.watch.subscribe({ projectId }, on)),
  ]);
  const lanes = clients.map((client) => {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<string | undefined>();
    client.jobs.watch.subscribe(
      { projectId },
      { onStarted: () => begun.resolve(), onError: (error) => ended.resolve(readFailure(error)?.code) },
    );
    return { begun: begun.promise, ended: ended.promise };
  });
  await Promise.all([...watchings, ...lanes].map(({ begun }) => begun));
  await admin.client.actors.suspend.mutate({ actorId: victim.id });
  for (const { ended } of [...watchings, ...lanes]) expect(await ended).toBe('FORBIDDEN');
});

test("an API key does what its scopes and its owner's present rights both allow, on every node at once", async () => {
  const scene = await makeScene();
  await joinAs(scene, 'manager');
  const { owner, victim, projectId } = scene;
  const made = await victim.client.apiKeys.create.mutate({
    name: 'key',
    scopes: ['projects.*'],
    projectIds: [projectId],
  });
  const rename = (node: TestServer) =>
    node.connect(made.key).projects.update.mutate({ projectId, description: `by ${node.url}` });
  for (const node of [here, there]) await rename(node);
  await owner.client.members.setRole.mutate({ projectId, actorId: victim.id, role: 'viewer' });
  for (const node of [here, there]) {
    expect((await failureOf(rename(node))).code).toBe('FORBIDDEN');
    await node.connect(made.key).projects.get.query({ projectId });
  }
  await owner.client.members.setRole.mutate({ projectId, actorId: victim.id, role: 'manager' });
  for (const node of [here, there]) await rename(node);
  const { reads } = here.tessera.services;
  await reads.query(`update api_keys set scopes = '{projects.get}' where id = $1`, [made.apiKey.id]);
  for (const node of [here, there]) {
    expect((await failureOf(rename(node))).code).toBe('FORBIDDEN');
    await node.connect(made.key).projects.get.query({ projectId });
  }
});

test('server-sent events end there like a socket, also for who resumes', async () => {
  const scene = await makeScene();
  await asViewer(scene);
  const { owner, victim, projectId } = scene;
  const input = encodeURIComponent(JSON.stringify({ json: { projectId } }));
  const open = (lastEventId = '') =>
    fetch(`${there.url}/trpc/projects.watch?input=${input}${lastEventId && `&lastEventId=${lastEventId}`}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${victim.token}` },
    });
  const response = await open();
  let text = '';
  let cursor = '';
  for await (const chunk of response.body ?? []) {
    const isFirst = cursor === '';
    text += Buffer.from(chunk).toString();
    cursor = /id: (\S+)/.exec(text)?.[1] ?? '';
    if (!isFirst || cursor === '') continue;
    await owner.client.members.remove.mutate({ projectId, actorId: victim.id });
    await owner.client.projects.update.mutate({ projectId, description: 'not for all' });
  }
  expect(text).toContain('FORBIDDEN');
  expect(text).not.toContain('member.removed');
  expect(text).not.toContain('not for all');
  const again = await (await open(cursor)).text();
  expect(again).toContain('NOT_FOUND');
  expect(again).not.toContain('not for all');
});
