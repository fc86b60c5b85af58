/**
 * What holds when a right is taken away while it is being used:
 * - A call that begins after the revocation was committed is refused.
 * - A mutation that has begun before is decided once more when everything is written and its stream is locked.
 *   So in a project's own order it is either committed before the removal of who made it, or refused; there is
 *   no third way. Of a revocation that is told of in no stream of the mutation's (a suspension, a session that
 *   ends, a policy edit) the same holds up to that last look, which only the commit itself follows.
 * - A subscriber gets nothing that was committed after the revocation.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TesseraClient, readFailure } from '../../client/src/index.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { openBlocker } from '../support/openBlocker.ts';
import { untilWaiting } from '../support/untilWaiting.ts';

let server: TestServer;
let owner: Person;
let editor: Person;
let admin: Person;

beforeAll(async () => {
  server = await startServer({ services: new Set(['api', 'realtime']) });
  owner = await server.person('Owner');
  editor = await server.person('Editor');
  admin = await server.admin();
});
afterAll(() => server.close());

async function makeProject(role = 'editor'): Promise<{ projectId: string; threadId: string }> {
  const { id: projectId } = await owner.client.projects.create.mutate({ name: 'Race' });
  await owner.client.members.add.mutate({ projectId, actorId: editor.id, role });
  const { thread } = await owner.client.threads.create.mutate({
    projectId,
    subjectType: 'project',
    subjectId: projectId,
    body: 'Who is quicker?',
  });
  return { projectId, threadId: thread.id };
}

interface Logged {
  seq: number;
  type: string;
  actorId: string | null;
}

async function readLog(projectId: string): Promise<Logged[]> {
  const { rows } = await server.tessera.services.reads.query<{
    seq: string;
    type: string;
    actor_id: string | null;
  }>('select seq, type, actor_id from events where stream = $1 order by seq', [`project:${projectId}`]);
  return rows.map(({ seq, type, actor_id: actorId }) => ({ seq: Number(seq), type, actorId }));
}

const comment = (client: TesseraClient, at: { projectId: string; threadId: string }) =>
  client.comments.add.mutate({ ...at, body: 'Me.' });

test('a comment whose author is removed while it waits for the stream is refused, and leaves nothing', async () => {
  const at = await makeProject();
  await using blocker = await openBlocker(server);
  await blocker.query('select from streams where stream = $1 for update', [`project:${at.projectId}`]);
  const adding = failureOf(comment(editor.client, at));
  await untilWaiting(server);
  await blocker.query(`delete from casbin_rules where ptype = 'g' and v0 = $1 and v2 = $2`, [
    `user:${editor.id}`,
    `project:${at.projectId}`,
  ]);
  await blocker.query('commit');
  expect((await adding).code).toBe('NOT_FOUND');
  expect((await readLog(at.projectId)).filter(({ type }) => type === 'comment.added')).toEqual([]);
  const { rows } = await server.tessera.services.reads.query('select id from comments where author_id = $1', [
    editor.id,
  ]);
  expect(rows).toEqual([]);
});

test('a comment that has the stream is committed before the removal, which waits for it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const at = await makeProject();
    const [added, removed] = await Promise.allSettled([
      comment(editor.client, at),
      owner.client.members.remove.mutate({ projectId: at.projectId, actorId: editor.id }),
    ]);
    expect(removed.status).toBe('fulfilled');
    const log = await readLog(at.projectId);
    const removal = log.find(({ type }) => type === 'member.removed')?.seq ?? 0;
    const comments = log.filter(({ type }) => type === 'comment.added');
    expect(comments).toHaveLength(added.status === 'fulfilled' ? 1 : 0);
    for (const { seq } of comments) expect(seq).toBeLessThan(removal);
    if (added.status === 'rejected') expect(readFailure(added.reason)?.code).toBe('NOT_FOUND');
  }
});

test.each<[what: string, revoke: (projectId: string) => [text: string, values: unknown[]], code: string]>([
  [
    'is suspended',
    () => ['update actors set suspended_at = now() where id = $1', [editor.id]],
    'ACCOUNT_SUSPENDED',
  ],
  [
    'has lost the session',
    () => ['update sessions set revoked_at = now() where user_id = $1', [editor.id]],
    'UNAUTHORIZED',
  ],
  [
    'may no longer do it by the policy',
    () => [
      `delete from casbin_rules where ptype = 'p' and v0 = 'role:manager' and v1 = 'members' and v2 = 'add'`,
      [],
    ],
    'FORBIDDEN',
  ],
  [
    'has another role, which may do it too, but was decided on as the former',
    (projectId) => [
      `with went as (delete from casbin_rules where ptype = 'g' and v0 = $1 and v2 = $2)
       insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, 'role:owner', $2)`,
      [`user:${editor.id}`, `project:${projectId}`],
    ],
    'CONFLICT',
  ],
])('who %s while a member is being added adds nobody', async (_what, revoke, code) => {
  const { projectId } = await makeProject('manager');
  await using blocker = await openBlocker(server);
  // The members of a project change one at a time, under this lock.
  await blocker.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`project:${projectId}`]);
  const adding = failureOf(
    editor.client.members.add.mutate({ projectId, actorId: admin.id, role: 'viewer' }),
  );
  await untilWaiting(server);
  const { reads } = server.tessera.services;
  await reads.query(...revoke(projectId));
  await blocker.query('commit');
  expect((await adding).code).toBe(code);
  const members = await owner.client.members.list.query({ projectId });
  expect(members.items.map(({ actor }) => actor.id).toSorted()).toEqual([owner.id, editor.id].toSorted());
  // As it was, for the next one.
  await reads.query('update actors set suspended_at = null where id = $1', [editor.id]);
  await reads.query('update sessions set revoked_at = null where user_id = $1', [editor.id]);
  await reads.query(
    `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:manager', 'members', 'add', 'allow') on conflict do nothing`,
  );
});

test("a change of somebody else's access meanwhile does not disturb a call", async () => {
  const { projectId } = await makeProject('manager');
  await using blocker = await openBlocker(server);
  await blocker.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`project:${projectId}`]);
  const adding = editor.client.members.add.mutate({ projectId, actorId: admin.id, role: 'viewer' });
  await untilWaiting(server);
  const stranger = await server.person('Stranger');
  await stranger.client.projects.create.mutate({ name: 'Theirs' });
  await blocker.query('commit');
  expect((await adding).role).toBe('viewer');
});

test('of two owners who remove each other at once, one stays', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { projectId } = await makeProject('owner');
    const outcomes = await Promise.allSettled([
      owner.client.members.remove.mutate({ projectId, actorId: editor.id }),
      editor.client.members.remove.mutate({ projectId, actorId: owner.id }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { rows } = await server.tessera.services.reads.query(
      'select actor_id from project_members where project_id = $1',
      [projectId],
    );
    expect(rows).toHaveLength(1);
  }
});

/** Watches the project's comments until its right is gone; resolves with what was received. */
function watchUntilEnd(
  client: TesseraClient,
  projectId: string,
): { begun: Promise<void>; ended: Promise<{ seqs: number[]; code: string | undefined }> } {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<{ seqs: number[]; code: string | undefined }>();
  const seqs: number[] = [];
  client.projects.watch.subscribe(
    { projectId },
    {
      onData: ({ data }) => {
        begun.resolve();
        seqs.push(data.seq);
      },
      onError: (error) => {
        begun.resolve();
        ended.resolve({ seqs, code: readFailure(error)?.code });
      },
    },
  );
  return { begun: begun.promise, ended: ended.promise };
}

test('in a storm of comments nobody receives the event of their own removal, nor a later one', async () => {
  await using other = await startServer({ services: new Set(['api', 'realtime']), beside: server });
  const watcher = await server.person('Watcher');
  const clients = [server, other].map((node) => node.connect(watcher.token));
  for (let round = 0; round < 12; round += 1) {
    const at = await makeProject();
    const { projectId } = at;
    await owner.client.members.add.mutate({ projectId, actorId: watcher.id, role: 'viewer' });
    const watchings = clients.map((client) => watchUntilEnd(client, projectId));
    await Promise.all(watchings.map(({ begun }) => begun));
    const storm = Array.from({ length: 4 }, async () => {
      for (let n = 0; n < 6; n += 1) await comment(owner.client, at);
    });
    const removing = (async () => {
      for (let n = 0; n < round % 4; n += 1) await comment(editor.client, at);
      return owner.client.members.remove.mutate({ projectId, actorId: watcher.id });
    })();
    await Promise.all([...storm, removing]);
    const log = await readLog(projectId);
    const removal = log.find(({ type }) => type === 'member.removed')?.seq ?? 0;
    for (const { ended } of watchings) {
      const { seqs, code } = await ended;
      expect(code).toBe('FORBIDDEN');
      expect(seqs.at(-1)).toBeLessThan(removal);
      // Without a hole up to where it ended.
      const [first = 0] = seqs;
      expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, n) => first + n));
    }
    expect(log.at(-1)?.seq).toBeGreaterThan(removal);
  }
});

test('who is suspended in the middle of subscribing gets at most what there was before', async () => {
  const { projectId, threadId } = await makeProject();
  const { reads } = server.tessera.services;
  for (let round = 0; round < 12; round += 1) {
    const client = server.connect(editor.token);
    const suspending = (async () => {
      for (let turn = 0; turn < round; turn += 1) await reads.query('select 1');
      await reads.query('update actors set suspended_at = now() where id = $1', [editor.id]);
      // After the commit, so nobody who is suspended may see it.
      const added = await comment(owner.client, { projectId, threadId });
      return added.id;
    })();
    const watching = watchUntilEnd(client, projectId);
    await suspending;
    const { seqs, code } = await watching.ended;
    const last = (await readLog(projectId)).at(-1)?.seq ?? 0;
    expect(['FORBIDDEN', 'ACCOUNT_SUSPENDED']).toContain(code);
    for (const seq of seqs) expect(seq).toBeLessThan(last);
    await reads.query('update actors set suspended_at = null where id = $1', [editor.id]);
  }
});

test('a call with a mutationId that was refused for a lost right can be made again under it', async () => {
  const at = await makeProject();
  const mutationId = randomUUID();
  await using blocker = await openBlocker(server);
  await blocker.query('select from streams where stream = $1 for update', [`project:${at.projectId}`]);
  const again = { ...at, body: 'Once.', mutationId };
  const adding = failureOf(editor.client.comments.add.mutate(again));
  await untilWaiting(server);
  await server.tessera.services.reads.query('update actors set suspended_at = now() where id = $1', [
    editor.id,
  ]);
  await blocker.query('commit');
  expect((await adding).code).toBe('ACCOUNT_SUSPENDED');
  await admin.client.actors.unsuspend.mutate({ actorId: editor.id });
  const added = await editor.client.comments.add.mutate(again);
  expect((await editor.client.comments.add.mutate(again)).id).toBe(added.id);
});
