import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import pino from 'pino';
import type { Bus } from '../../src/bus/Bus.ts';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { emit } from '../../src/events/emit.ts';
import type { Follower } from '../../src/jobs/followers/Follower.ts';
import { FollowerRun } from '../../src/jobs/followers/FollowerRun.ts';
import { notificationsFollower } from '../../src/jobs/followers/notifications.ts';
import { startFollowers } from '../../src/jobs/followers/startFollowers.ts';
import { notificationView } from '../../src/views/notifications.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

const log = pino({ level: 'silent' });
let server: TestServer;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  // No worker in this process: each test starts the followers it needs.
  server = await startServer({ services: new Set(['api', 'realtime']) });
  [ada, bob] = [await server.person('Ada'), await server.person('Bob')];
});
afterAll(() => server.close());

async function makeThread(): Promise<{ projectId: string; threadId: string }> {
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Followed' });
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
  const { thread } = await ada.client.threads.create.mutate({
    projectId,
    body: 'First',
    subjectType: 'project',
    subjectId: projectId,
  });
  await bob.client.threads.subscribe.mutate({ projectId, threadId: thread.id });
  return { projectId, threadId: thread.id };
}
const add = (of: { projectId: string; threadId: string }, body: string) =>
  ada.client.comments.add.mutate({ ...of, body });

/** A bus on which no hint is ever heard. */
function deafBus(published: [string, number][] = []): Bus {
  const none = () => () => {};
  return {
    publishHint: (stream, seq) => published.push([stream, seq]),
    onHint: none,
    publishLane: () => {},
    onLane: none,
    onEpoch: none,
    isConnected: true,
    state: () => ({ links: {}, sent: 0, received: 0, ignored: 0 }),
    onReconnect: none,
    close: async () => {},
  };
}
const tools = { announce: () => {} };
const makeRun = (follower: Follower) => {
  const { orm, authorizer } = server.tessera.services;
  return new FollowerRun(orm, log, follower, { ...tools, authorizer });
};
async function advanceAll(run: FollowerRun, projectId: string): Promise<void> {
  while (await run.advance(`project:${projectId}`));
}

const query = async <R extends object>(text: string, values: unknown[]) =>
  (await server.tessera.services.reads.query<R & Record<string, unknown>>(text, values)).rows as R[];
const messages = async (projectId: string, type = 'comment') =>
  (
    await query<{ message: string }>(
      'select message from notifications where project_id = $1 and type = $2 order by event_seq, id',
      [projectId, type],
    )
  ).map((row) => row.message);

describe('followers of the log', () => {
  test('find what no hint announced, and say on the bus where they wrote', async () => {
    const of = await makeThread();
    await add(of, 'Unannounced');
    const { orm, reads, authorizer } = server.tessera.services;
    const published: [string, number][] = [];
    const followers = startFollowers({
      orm,
      reads,
      log,
      authorizer,
      bus: deafBus(published),
      followers: [notificationsFollower],
      sweepMs: 20,
      restMs: 1,
    });
    await expect.poll(() => messages(of.projectId)).toEqual(['Unannounced']);
    await followers.stop();
    expect(published.map(([stream]) => stream)).toContain(`user:${bob.id}`);
    await add(of, 'After the stop');
    expect(await messages(of.projectId)).toEqual(['Unannounced']);
  });

  test('that do their work twice tell nobody twice', async () => {
    const of = await makeThread();
    await add(of, 'Once');
    const run = makeRun(notificationsFollower);
    await advanceAll(run, of.projectId);
    await query('update follower_cursors set seq = 0 where stream = $1', [`project:${of.projectId}`]);
    await advanceAll(run, of.projectId);
    expect(await messages(of.projectId)).toEqual(['Once']);
    const added = await query('select from events where stream = $1 and payload ->> $2 = $3', [
      `user:${bob.id}`,
      'message',
      'Once',
    ]);
    expect(added).toHaveLength(1);
  });

  test('in many workers at once tell each person once, in order', async () => {
    const of = await makeThread();
    const { orm, reads, authorizer } = server.tessera.services;
    const workers = [1, 2, 3].map(() =>
      startFollowers({
        orm,
        reads,
        log,
        authorizer,
        bus: deafBus(),
        followers: [notificationsFollower],
        sweepMs: 5,
        restMs: 1,
      }),
    );
    const bodies = Array.from({ length: 40 }, (_, n) => `Comment ${n}`);
    for (const body of bodies) await add(of, body);
    await expect.poll(async () => (await messages(of.projectId)).length).toBe(40);
    await Promise.all(workers.map((worker) => worker.stop()));
    expect(await messages(of.projectId)).toEqual(bodies);
    const told = await query<{ message: string; seq: string }>(
      `select payload ->> 'message' as message, seq from events where stream = $1 and payload ->> 'projectId' = $2 and payload ->> 'type' = 'comment' order by seq`,
      [`user:${bob.id}`, of.projectId],
    );
    expect(told.map((row) => row.message)).toEqual(bodies);
  });

  test('try an event that failed again, and give it up in the end so that the others are not lost', async () => {
    const of = await makeThread();
    const seen: number[] = [];
    let failures = 0;
    const follower: Follower = {
      name: 'failing',
      streams: 'project:',
      types: ['comment.added'],
      async act(_em, events) {
        for (const { seq, payload } of events) {
          if ((payload as { body: string }).body === 'poison') {
            failures += 1;
            throw new Error('It cannot be done.');
          }
          seen.push(seq);
        }
        return events.length;
      },
    };
    for (const body of ['one', 'poison', 'two']) await add(of, body);
    const run = makeRun(follower);
    for (let n = 0; n < 15; n += 1) await advanceAll(run, of.projectId);
    const position = async () =>
      Number(
        (
          await query<{ seq: string }>(
            `select seq from follower_cursors where follower = 'failing' and stream = $1`,
            [`project:${of.projectId}`],
          )
        )[0]?.seq,
      );
    const stuckAt = await position();
    expect(failures).toBe(15);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 });
    try {
      await advanceAll(run, of.projectId);
      await advanceAll(run, of.projectId);
    } finally {
      vi.useRealTimers();
    }
    expect(await position()).toBeGreaterThan(stuckAt);
    expect(new Set(seen).size).toBe(2);
  });

  test('tell a thousand followers of one comment in a handful of statements', async () => {
    const of = await makeThread();
    const count = 1000;
    await query(
      `insert into actors (id, actor_type, name, username, email, password_hash)
       select gen_random_uuid(), 'person', 'Person ' || n, 'many' || n, 'many' || n || '@example.org', 'x' from generate_series(1, $1::int) n`,
      [count],
    );
    await query(
      `with many as (select id from actors where username ~ '^many[0-9]+$'),
       subscribed as (insert into thread_subscriptions (thread_id, actor_id, state) select $1, id, 'subscribed' from many)
       insert into casbin_rules (ptype, v0, v1, v2) select 'g', 'user:' || id, 'role:viewer', 'project:' || $2::uuid from many`,
      [of.threadId, of.projectId],
    );
    const run = makeRun(notificationsFollower);
    await advanceAll(run, of.projectId);
    const written = await add(of, 'To everyone');
    const statements = vi.spyOn(server.tessera.services.orm.em.getConnection(), 'execute');
    await advanceAll(run, of.projectId);
    expect(statements.mock.calls.length).toBeLessThan(20);
    statements.mockRestore();
    expect(await messages(of.projectId)).toHaveLength(count + 1);
    const [row] = await query<{ payload: { createdAt: string } }>(
      `select e.payload from events e join actors a on e.stream = 'user:' || a.id where a.username = 'many7' and e.type = 'notification.added'`,
      [],
    );
    const payload = { ...row?.payload, createdAt: new Date(row?.payload.createdAt ?? '') };
    expect(notificationView.parse(payload)).toMatchObject({
      payload: { commentId: written.id },
      message: 'To everyone',
      readAt: null,
    });
  });

  test('tell whoever asked for a job how it ended', async () => {
    const { projectId } = await makeThread();
    const job = {
      id: projectId,
      projectId,
      userId: bob.id,
      jobType: 'repositories.sync',
      status: 'failed' as const,
      progress: 40,
      attempts: 1,
      priority: 0,
      costCredits: 0,
      stages: [],
      error: {
        code: 'REPOSITORY_EMPTY',
        message: 'The repository has no commit yet.',
        remedy: 'Push a first commit, then sync again.',
      },
      createdAt: new Date(),
      startedAt: new Date(),
      finishedAt: new Date(),
      updatedAt: new Date(),
    };
    await transact(server.tessera.services.orm, systemCause, async (em) => {
      emit(em, `project:${projectId}`, 'job.failed', () => job);
      emit(em, `project:${projectId}`, 'job.completed', () => ({ ...job, userId: null }));
    });
    await advanceAll(makeRun(notificationsFollower), projectId);
    expect(await messages(projectId, 'job.failed')).toEqual([
      'The repository has no commit yet. Push a first commit, then sync again.',
    ]);
    expect(await messages(projectId, 'job.completed')).toEqual([]);
  });
});
