/** Every subscription gives the same over server-sent events as over WebSocket, to stock clients. */
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import superjson from 'superjson';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AppRouter, appRouter } from '../../../src/routers/_app.ts';
import { publishProgress } from '../../../src/jobs/enqueue.ts';
import { collectFrames } from '../../support/collectFrames.ts';
import { add, applyNow, permission } from '../../support/policy.ts';
import { readInbox } from '../../support/readInbox.ts';
import { type Person, type TestServer, startServer } from '../../support/server.ts';
import { stockSseClient } from '../../support/sseClient.ts';

let server: TestServer;
let ada: Person;
let bob: Person;
let root: Person;
let projectId: string;
let threadId: string;
let socket: ReturnType<typeof createWSClient>;

beforeAll(async () => {
  server = await startServer();
  ada = await server.person('Ada');
  bob = await server.person('Bob');
  root = await server.admin();
  // Whoever watches here is Bob.
  await applyNow(server, root, add(permission('user', 'policies.watch')));
  ({ id: projectId } = await ada.client.projects.create.mutate({ name: 'Contract' }));
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
  const { thread } = await ada.client.threads.create.mutate({
    projectId,
    subjectType: 'project',
    subjectId: projectId,
    body: 'Both ways?',
  });
  threadId = thread.id;
  // That Bob was added comes to his stream a moment later, and would else come between two snapshots.
  await readInbox(projectId, bob, ada);
  socket = createWSClient({
    url: `${server.url.replace('http', 'ws')}/trpc`,
    connectionParams: { token: bob.token },
  });
});
afterAll(async () => {
  await socket.close();
  await server.close();
});

const comment = (body: string) => ada.client.comments.add.mutate({ projectId, threadId, body });
const progress = async () =>
  publishProgress(server.tessera.services.orm, projectId, {
    jobId: threadId,
    status: 'running',
    progress: 50,
    stage: 'hashing',
    message: null,
    stages: [],
    updatedAt: new Date(),
  });

/** Of every subscription: what makes it tell something more, and how many frames there are then. */
const contract: Record<string, { input: () => object; act: () => Promise<unknown>; frames: number }> = {
  'auth.watch': {
    input: () => ({ projectId }),
    act: () => root.client.members.setRole.mutate({ projectId, actorId: bob.id, role: 'manager' }),
    frames: 2,
  },
  'credits.watch': {
    input: () => ({}),
    act: () => root.client.credits.grant.mutate({ actorId: bob.id, amount: 5, reason: 'the contract' }),
    frames: 2,
  },
  'jobs.watch': { input: () => ({ projectId }), act: progress, frames: 1 },
  'notifications.watch': { input: () => ({}), act: () => comment(`Look, @${bob.username}`), frames: 2 },
  'policies.watch': {
    input: () => ({}),
    act: () => applyNow(server, root, add(permission('guest', 'stars.list'))),
    frames: 2,
  },
  'presence.watch': {
    input: () => ({ projectId }),
    act: () => ada.client.presence.set.mutate({ projectId, subject: `thread:${threadId}` }),
    frames: 2,
  },
  'presence.watchTyping': {
    input: () => ({ projectId }),
    act: () => ada.client.presence.typing.mutate({ projectId, threadId }),
    frames: 2,
  },
  'projects.watch': { input: () => ({ projectId }), act: () => comment('To the project.'), frames: 2 },
  'threads.watch': {
    input: () => ({ projectId, threadId }),
    act: () => comment('To the thread.'),
    frames: 2,
  },
};

test('every subscription is in this contract', () => {
  const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>;
  const subscriptions = Object.keys(procedures).filter(
    (path) => procedures[path]?._def.type === 'subscription',
  );
  expect(subscriptions.toSorted()).toEqual(Object.keys(contract).toSorted());
});

test.for(Object.entries(contract))(
  '%s tells the same over both, with the same cursors',
  async ([path, { input, act, frames }]) => {
    type Subscribe = (input: object, on: object) => { unsubscribe(): void };
    const [router = '', name = ''] = path.split('.');
    const watch = (client: unknown, all: unknown[]) => {
      const subscribe = (client as Record<string, Record<string, { subscribe: Subscribe }>>)[router]?.[name]
        ?.subscribe;
      const started = Promise.withResolvers<void>();
      const collected = collectFrames<unknown>((on) =>
        subscribe!(input(), {
          ...on,
          onStarted: () => started.resolve(),
          onData: (frame: unknown) => {
            all.push(frame);
            on.onData(frame);
          },
        }),
      );
      return { started: started.promise, collected };
    };
    const overSocket: unknown[] = [];
    const overEvents: unknown[] = [];
    const link = wsLink<AppRouter>({ client: socket, transformer: superjson });
    const watches = [
      watch(createTRPCClient<AppRouter>({ links: [link] }), overSocket),
      watch(stockSseClient(server.url, bob.token), overEvents),
    ];
    await Promise.all(watches.map(({ started }) => started));
    const receive = (count: number) =>
      Promise.all(watches.map(({ collected }) => collected.until(() => collected.received.length >= count)));
    if (frames > 1) await receive(frames - 1);
    await act();
    await receive(frames);
    for (const { collected } of watches) collected.stop();
    expect(overEvents).toEqual(overSocket);
    expect(overEvents).toHaveLength(frames);
  },
);
