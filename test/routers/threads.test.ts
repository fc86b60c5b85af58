import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { PlaceOvertaken, createThread } from '../../src/domain/threads/createThread.ts';
import { makeAnchor } from '../../src/domain/threads/makeAnchor.ts';
import { reanchorThreads } from '../../src/domain/threads/reanchorThreads.ts';
import { applyThreadEvent } from '../support/applyThreadEvent.ts';
import { collectFrames } from '../support/collectFrames.ts';
import { failureOf } from '../support/failure.ts';
import { putManifest } from '../support/putManifest.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let ada: Person;
let bob: Person;
let eve: Person;

beforeAll(async () => {
  server = await startServer();
  [ada, bob, eve] = [await server.person('Ada'), await server.person('Bob'), await server.person('Eve')];
});
afterAll(() => server.close());

const tenLines = Array.from({ length: 10 }, (_, n) => `line ${n + 1}\n`).join('');

/** A project of Ada's with Bob as editor; with files, if given, as version 1. */
async function makeProject(files?: Record<string, string | Buffer>): Promise<string> {
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Threads' });
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
  if (files) await putManifest(server, projectId, files);
  return projectId;
}

/** What a sync does: a new manifest, then the threads follow. */
async function sync(projectId: string, files: Record<string, string | Buffer>) {
  const version = await putManifest(server, projectId, files);
  const { orm, storage } = server.tessera.services;
  return { version, ...(await reanchorThreads({ orm, storage, cause: systemCause }, projectId)) };
}

const onLines = (projectId: string, lineStart: number, lineEnd = lineStart, filePath = 'a.ts') => ({
  projectId,
  filePath,
  lineStart,
  lineEnd,
  body: 'What is this for?',
});

async function whereIs(projectId: string, threadId: string) {
  const { thread } = await ada.client.threads.get.query({ projectId, threadId });
  return [thread.placement, thread.filePath, thread.lineStart, thread.lineEnd];
}

const watchThreads = (person: Person, input: { projectId: string; threadId?: string; filePath?: string; lastEventId?: string }) =>
  collectFrames((on: { onData(frame: unknown): void; onError(error: unknown): void }) =>
    person.client.threads.watch.subscribe(input, on as never),
  ) as ReturnType<typeof collectFrames<{ type: string; seq: number; payload: never; threads: never }>>;

describe('opening a thread', () => {
  test('on lines of a file keeps commit, path, lines and text, and everyone who watches sees it at once', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const watching = watchThreads(bob, { projectId });
    await watching.until((frame) => frame.type === 'snapshot');
    const { thread, comment } = await ada.client.threads.create.mutate({ ...onLines(projectId, 3, 4), title: 'Why?' });
    expect(thread).toMatchObject({
      title: 'Why?',
      status: 'open',
      placement: 'current',
      placedVersion: 1,
      author: { id: ada.id, username: ada.username },
      anchor: { version: 1, path: 'a.ts', lineStart: 3, lineEnd: 4, text: 'line 3\nline 4' },
    });
    expect(thread.anchor?.commitSha).toMatch(/^[0-9a-f]{40}$/);
    const event = await watching.until((frame) => frame.type === 'thread.created');
    expect(event.payload).toEqual({ thread, comment });
    watching.stop();
    const [listed] = (await bob.client.threads.list.query({ projectId })).items;
    expect(listed).toEqual({ ...thread, commentCount: 1, unreadCount: 1, lastCommentAt: comment.createdAt });
    const got = await bob.client.threads.get.query({ projectId, threadId: thread.id });
    expect(got).toEqual({ thread: listed, comments: { items: [comment], nextCursor: null }, subscription: null });
  });

  test('on a subject other than a file takes the project and its jobs, and a range of time', async () => {
    const projectId = await makeProject();
    const { thread } = await ada.client.threads.create.mutate({
      projectId,
      body: 'About all of it',
      subjectType: 'project',
      subjectId: projectId,
      startMs: 0,
      endMs: 1500,
    });
    expect(thread).toMatchObject({ subjectType: 'project', subjectId: projectId, startMs: 0, endMs: 1500, filePath: null, anchor: null });
    const ofSubject = await ada.client.threads.list.query({ projectId, subjectType: 'project', subjectId: projectId });
    expect(ofSubject.items.map((item) => item.id)).toEqual([thread.id]);
    const unknown = { projectId, body: 'x', subjectType: 'job', subjectId: randomUUID() } as const;
    expect((await failureOf(ada.client.threads.create.mutate(unknown))).code).toBe('NOT_FOUND');
    const foreign = { projectId, body: 'x', subjectType: 'project', subjectId: await makeProject() } as const;
    expect((await failureOf(ada.client.threads.create.mutate(foreign))).code).toBe('NOT_FOUND');
  });

  test.each([
    ['nothing to stand on', {}, 'filePath'],
    ['lines without a file', { lineStart: 1, lineEnd: 1 }, 'filePath'],
    ['a file without lines', { filePath: 'a.ts' }, 'lineStart'],
    ['a subject without id', { subjectType: 'project' as const }, 'subjectId'],
    ['half of a range of time', { subjectType: 'project' as const, subjectId: randomUUID(), startMs: 0 }, 'endMs'],
    ['a file and the start of a range', { filePath: 'a.ts', lineStart: 1, lineEnd: 1, startMs: 0 }, 'subjectType'],
  ])('with %s is refused, naming the field', async (_, input, field) => {
    const projectId = await makeProject();
    const failure = await failureOf(ada.client.threads.create.mutate({ projectId, body: 'x', ...input }));
    expect(failure.code).toBe('BAD_INPUT');
    expect(Object.keys(failure.fields ?? {})).toEqual([field]);
  });

  test('says what is wrong with the place', async () => {
    const empty = await makeProject();
    const open = (input: Parameters<typeof ada.client.threads.create.mutate>[0]) => failureOf(ada.client.threads.create.mutate(input));
    expect((await open(onLines(empty, 1))).code).toBe('MANIFEST_MISSING');
    const projectId = await makeProject({ 'a.ts': tenLines, 'empty.ts': '', 'logo.png': Buffer.from('binary') });
    expect((await open({ ...onLines(projectId, 1), version: 2 })).code).toBe('MANIFEST_MISSING');
    expect((await open(onLines(projectId, 1, 1, 'b.ts'))).code).toBe('FILE_NOT_IN_MANIFEST');
    expect((await open(onLines(projectId, 1, 1, '../a.ts'))).code).toBe('PATH_REFUSED');
    expect((await open(onLines(projectId, 1, 1, 'logo.png'))).message).toBe('The content of logo.png is not kept: it is binary.');
    expect((await open(onLines(projectId, 11))).message).toBe('Lines 11–11 lie outside a.ts, which has 10 lines.');
    expect((await open(onLines(projectId, 4, 3))).code).toBe('LINES_OUTSIDE_FILE');
    expect((await open(onLines(projectId, 1, 1, 'empty.ts'))).code).toBe('LINES_OUTSIDE_FILE');
  });

  test('on an old version places it in the latest at once', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    await putManifest(server, projectId, { 'b.ts': `new\n${tenLines}` });
    const { thread } = await ada.client.threads.create.mutate({ ...onLines(projectId, 3), version: 1 });
    expect(thread).toMatchObject({ placement: 'current', filePath: 'b.ts', lineStart: 4, placedVersion: 2, anchor: { path: 'a.ts', lineStart: 3, version: 1 } });
  });

  test('is never put where a sync has overtaken its place', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const { services } = server.tessera;
    const on = await makeAnchor(services, { projectId, filePath: 'a.ts', lineStart: 1, lineEnd: 1 });
    await putManifest(server, projectId, { 'a.ts': `new\n${tenLines}` });
    const actor = { id: ada.id, username: ada.username, name: 'Ada', actorType: 'person' as const };
    const late = transact(services.orm, systemCause, (em) => createThread(em, actor, { projectId, body: 'x', mentioned: [], on }));
    await expect(late).rejects.toThrow(PlaceOvertaken);
  });

  test('a retry with the same mutationId opens no second thread, even when its file is gone by then', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const mutationId = randomUUID();
    const first = await ada.client.threads.create.mutate({ ...onLines(projectId, 1), mutationId });
    await putManifest(server, projectId, {});
    expect(await ada.client.threads.create.mutate({ ...onLines(projectId, 1), mutationId })).toEqual(first);
    expect((await ada.client.threads.list.query({ projectId })).items).toHaveLength(1);
  });
});

describe('reading threads', () => {
  test('lists are newest first, page without gap or repetition, and filter by file and status', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines, 'b.ts': tenLines });
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 1, 1, n % 2 ? 'b.ts' : 'a.ts'));
      ids.unshift(thread.id);
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { id: string }[]; nextCursor: string | null } = await ada.client.threads.list.query({ projectId, limit: 2, cursor });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(ids);
    await ada.client.threads.resolve.mutate({ projectId, threadId: ids[0] ?? '' });
    const listed = await ada.client.threads.list.query({ projectId, filePath: 'a.ts', status: 'open' });
    expect(listed.items.map((item) => item.id)).toEqual([ids[2], ids[4]]);
    expect((await failureOf(ada.client.threads.list.query({ projectId, cursor: 'nonsense' }))).code).toBe('CURSOR_INVALID');
  });

  test('comments of others are unread until one says how far one has read, which never goes back', async () => {
    const projectId = await makeProject();
    const { thread, comment } = await ada.client.threads.create.mutate({ projectId, body: 'One', subjectType: 'project', subjectId: projectId });
    const unread = async (person: Person) => (await person.client.threads.get.query({ projectId, threadId: thread.id })).thread.unreadCount;
    await ada.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'Two' });
    expect([await unread(ada), await unread(bob)]).toEqual([0, 2]);
    const read = await bob.client.threads.markRead.mutate({ projectId, threadId: thread.id });
    expect(await unread(bob)).toBe(0);
    expect(await bob.client.threads.markRead.mutate({ projectId, threadId: thread.id, commentId: comment.id })).toEqual(read);
    expect(await unread(bob)).toBe(0);
    await ada.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'Three' });
    expect(await unread(bob)).toBe(1);
    const unknown = { projectId, threadId: thread.id, commentId: randomUUID() };
    expect((await failureOf(bob.client.threads.markRead.mutate(unknown))).code).toBe('NOT_FOUND');
  });

  test('a thread of another project does not exist in this one, for any procedure', async () => {
    const [here, there] = [await makeProject(), await makeProject()];
    const { thread, comment } = await ada.client.threads.create.mutate({ projectId: there, body: 'x', subjectType: 'project', subjectId: there });
    const { threads, comments } = ada.client;
    const wrong = { projectId: here, threadId: thread.id };
    const calls = [
      threads.get.query(wrong),
      threads.resolve.mutate(wrong),
      threads.reopen.mutate(wrong),
      threads.delete.mutate(wrong),
      threads.restore.mutate(wrong),
      threads.subscribe.mutate(wrong),
      threads.unsubscribe.mutate(wrong),
      threads.markRead.mutate(wrong),
      comments.list.query(wrong),
      comments.add.mutate({ ...wrong, body: 'x' }),
      comments.edit.mutate({ projectId: here, commentId: comment.id, body: 'x' }),
      comments.delete.mutate({ projectId: here, commentId: comment.id }),
      comments.react.mutate({ projectId: here, commentId: comment.id, emoji: '👍' }),
    ];
    const codes = await Promise.all(calls.map(async (call) => (await failureOf(call)).code));
    expect(new Set(codes)).toEqual(new Set(['NOT_FOUND']));
    const watching = watchThreads(ada, wrong);
    await expect(watching.until(() => false)).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
  });
});

describe('changing a thread', () => {
  test('resolving and reopening say who and when, and twice is once', async () => {
    const projectId = await makeProject();
    const { thread } = await ada.client.threads.create.mutate({ projectId, body: 'x', subjectType: 'project', subjectId: projectId });
    const of = { projectId, threadId: thread.id };
    const watching = watchThreads(ada, of);
    await watching.until((frame) => frame.type === 'snapshot');
    const resolved = await bob.client.threads.resolve.mutate(of);
    expect(resolved).toMatchObject({ status: 'resolved', resolvedBy: bob.id, author: { id: ada.id } });
    expect(resolved.resolvedAt).toBeInstanceOf(Date);
    expect(await ada.client.threads.resolve.mutate(of)).toEqual(resolved);
    await ada.client.comments.add.mutate({ ...of, body: 'Still true' });
    const reopened = await ada.client.threads.reopen.mutate(of);
    expect(reopened).toMatchObject({ status: 'open', resolvedBy: null, resolvedAt: null });
    const last = await watching.until((frame) => frame.type === 'thread.reopened');
    expect(last.payload).toEqual(reopened);
    expect(watching.received.map((frame) => frame.type)).toEqual(['snapshot', 'thread.resolved', 'comment.added', 'thread.reopened']);
    watching.stop();
  });

  test('only its author and moderators delete and restore it; nobody writes in it meanwhile', async () => {
    const projectId = await makeProject();
    await ada.client.members.add.mutate({ projectId, actorId: eve.id, role: 'editor' });
    const { thread } = await bob.client.threads.create.mutate({ projectId, body: 'x', subjectType: 'project', subjectId: projectId });
    const of = { projectId, threadId: thread.id };
    expect((await failureOf(eve.client.threads.delete.mutate(of))).code).toBe('NOT_AUTHOR_OR_MODERATOR');
    await bob.client.threads.delete.mutate(of);
    expect((await ada.client.threads.list.query({ projectId })).items).toEqual([]);
    expect((await failureOf(ada.client.threads.get.query(of))).code).toBe('NOT_FOUND');
    expect((await failureOf(ada.client.comments.add.mutate({ ...of, body: 'x' }))).code).toBe('REPLY_TO_DELETED');
    expect((await failureOf(eve.client.threads.restore.mutate(of))).code).toBe('NOT_AUTHOR_OR_MODERATOR');
    await ada.client.threads.restore.mutate(of);
    await ada.client.comments.add.mutate({ ...of, body: 'x' });
    expect((await ada.client.threads.get.query(of)).thread.commentCount).toBe(2);
  });

  test('a restored thread stands where its lines went while it was deleted', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 3));
    await ada.client.threads.delete.mutate({ projectId, threadId: thread.id });
    expect(await sync(projectId, { 'a.ts': `new\n${tenLines}` })).toMatchObject({ moved: 0, outdated: 0, unchanged: 0 });
    await ada.client.threads.restore.mutate({ projectId, threadId: thread.id });
    expect(await whereIs(projectId, thread.id)).toEqual(['current', 'a.ts', 4, 4]);
  });

  test('what people did stands in the audit log, who read what does not', async () => {
    const projectId = await makeProject();
    const { thread } = await bob.client.threads.create.mutate({ projectId, body: 'x', subjectType: 'project', subjectId: projectId });
    const of = { projectId, threadId: thread.id };
    await bob.client.threads.resolve.mutate(of);
    await bob.client.threads.unsubscribe.mutate(of);
    await bob.client.threads.markRead.mutate(of);
    const { rows } = await server.tessera.services.reads.query<{ what: string }>(
      `select action || ' ' || entity_type as what from audit_logs where user_id = $1 and (project_id = $2 or entity_type = 'comments') order by created_at, id`,
      [bob.id, projectId],
    );
    expect(rows.map((row) => row.what)).toEqual(
      expect.arrayContaining(['create comment_threads', 'create comments', 'update comment_threads', 'update thread_subscriptions']),
    );
    expect(rows.map((row) => row.what).join()).not.toContain('thread_reads');
  });
});

describe('when a sync brings a new version', () => {
  test('threads follow their lines, are outdated where these changed, and watchers see it live', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines, 'same.ts': tenLines });
    const open = async (line: number, path?: string) => (await ada.client.threads.create.mutate(onLines(projectId, line, line, path))).thread.id;
    const [shifted, changed, still, elsewhere] = [await open(8), await open(5), await open(1), await open(2, 'same.ts')];
    const watching = watchThreads(bob, { projectId });
    await watching.until((frame) => frame.type === 'snapshot');
    const second = tenLines.replace('line 5\n', 'line five\nand more\n');
    expect(await sync(projectId, { 'a.ts': second, 'same.ts': tenLines })).toEqual({ version: 2, moved: 1, outdated: 1, unchanged: 2 });
    const moved = await watching.until((frame) => frame.type === 'thread.moved');
    const outdated = await watching.until((frame) => frame.type === 'thread.outdated');
    expect(moved.payload).toMatchObject({ id: shifted, placement: 'current', lineStart: 9, placedVersion: 2, anchor: { lineStart: 8 } });
    expect(outdated.payload).toMatchObject({ id: changed, placement: 'outdated', lineStart: 5 });
    const { commentCount: _, unreadCount: __, lastCommentAt: ___, ...view } = (await bob.client.threads.get.query({ projectId, threadId: shifted })).thread;
    expect(moved.payload).toEqual(view);
    expect(await whereIs(projectId, still)).toEqual(['current', 'a.ts', 1, 1]);
    expect(await whereIs(projectId, elsewhere)).toEqual(['current', 'same.ts', 2, 2]);
    // Back to the first version: from the original anchor both are where they began.
    expect(await sync(projectId, { 'a.ts': tenLines, 'same.ts': tenLines })).toMatchObject({ moved: 2, outdated: 0 });
    expect(await whereIs(projectId, changed)).toEqual(['current', 'a.ts', 5, 5]);
    expect(watching.received.filter((frame) => frame.type.startsWith('thread.'))).toHaveLength(4);
    watching.stop();
  });

  test('a renamed file takes its threads along, also through a second rename and heavy changes', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 3));
    await sync(projectId, { 'src/b.ts': tenLines });
    expect(await whereIs(projectId, thread.id)).toEqual(['current', 'src/b.ts', 3, 3]);
    await sync(projectId, { 'src/b.ts': 'line 3\nall else is different\n', 'a.ts': 'another file by an old name\n' });
    expect(await whereIs(projectId, thread.id)).toEqual(['current', 'src/b.ts', 1, 1]);
    await sync(projectId, { 'src/c.ts': 'line 3\nall else is different\n' });
    expect(await whereIs(projectId, thread.id)).toEqual(['current', 'src/c.ts', 1, 1]);
    const inFile = await ada.client.threads.list.query({ projectId, filePath: 'src/c.ts' });
    expect(inFile.items.map((item) => item.id)).toEqual([thread.id]);
  });

  test('a thread whose file is gone keeps its last place, and comes back with the file', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 3));
    const watching = watchThreads(ada, { projectId, threadId: thread.id });
    await watching.until((frame) => frame.type === 'snapshot');
    expect(await sync(projectId, { 'b.md': 'no relation\n' })).toMatchObject({ outdated: 1 });
    expect((await watching.until((frame) => frame.type === 'thread.outdated')).payload).toMatchObject({ placement: 'gone', filePath: 'a.ts', lineStart: 3 });
    expect(await sync(projectId, { 'b.md': 'no relation at all\n' })).toMatchObject({ outdated: 0, unchanged: 1 });
    expect(await sync(projectId, { 'a.ts': `new\n${tenLines}` })).toMatchObject({ moved: 1 });
    expect(await whereIs(projectId, thread.id)).toEqual(['current', 'a.ts', 4, 4]);
    watching.stop();
  });

  test('a file that is no text any more leaves its threads outdated where they were', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 3));
    await sync(projectId, { 'a.ts': Buffer.from('binary') });
    expect(await whereIs(projectId, thread.id)).toEqual(['outdated', 'a.ts', 3, 3]);
  });

  test('many threads in one file are placed in a few statements, recorded once, and a second run does nothing', async () => {
    const files = { 'a.ts': Array.from({ length: 600 }, (_, n) => `line ${n + 1}\n`).join('') };
    const projectId = await makeProject(files);
    const { reads } = server.tessera.services;
    await ada.client.threads.create.mutate(onLines(projectId, 1));
    await reads.query(
      `insert into comment_threads (id, project_id, author_id, file_path, line_start, line_end, anchor, placed_version)
       select gen_random_uuid(), project_id, author_id, file_path, n, n,
         anchor || jsonb_build_object('lineStart', n, 'lineEnd', n, 'text', 'line ' || n), placed_version
       from comment_threads, generate_series(2, 500) n where project_id = $1`,
      [projectId],
    );
    const started = performance.now();
    expect(await sync(projectId, { 'a.ts': `new\n${files['a.ts']}` })).toMatchObject({ moved: 500, outdated: 0, unchanged: 0 });
    expect(performance.now() - started).toBeLessThan(10_000);
    const { rows } = await reads.query<{ count: number }>(
      `select count(*)::int from audit_logs where project_id = $1 and action = 'move'`,
      [projectId],
    );
    expect(rows[0]?.count).toBeLessThanOrEqual(3);
    const { orm, storage } = server.tessera.services;
    expect(await reanchorThreads({ orm, storage, cause: systemCause }, projectId)).toEqual({ moved: 0, outdated: 0, unchanged: 0 });
  });

  test('two runs at the same time place each thread once', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    for (let line = 1; line <= 5; line += 1) await ada.client.threads.create.mutate(onLines(projectId, line));
    await putManifest(server, projectId, { 'a.ts': `new\n${tenLines}` });
    const { orm, storage } = server.tessera.services;
    const runs = await Promise.all([1, 2, 3].map(() => reanchorThreads({ orm, storage, cause: systemCause }, projectId)));
    expect(runs.reduce((sum, run) => sum + run.moved, 0)).toBe(5);
  });
});

describe('watching the threads of a file', () => {
  test('shows its own threads and their comments, and tells when one leaves', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines, 'b.ts': 'other\n' });
    const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 1));
    const watching = watchThreads(bob, { projectId, filePath: 'a.ts' });
    const snapshot = await watching.until((frame) => frame.type === 'snapshot');
    expect(snapshot.threads).toMatchObject([{ thread: { id: thread.id }, comments: [{ body: 'What is this for?' }], hasEarlierComments: false }]);
    const { thread: other } = await ada.client.threads.create.mutate(onLines(projectId, 1, 1, 'b.ts'));
    await ada.client.comments.add.mutate({ projectId, threadId: other.id, body: 'not here' });
    await ada.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'here' });
    await sync(projectId, { 'c.ts': tenLines, 'b.ts': 'other\n' });
    const left = await watching.until((frame) => frame.type === 'thread.moved');
    expect(left.payload).toMatchObject({ id: thread.id, filePath: 'c.ts' });
    expect(watching.received.map((frame) => frame.type)).toEqual(['snapshot', 'comment.added', 'thread.moved']);
    watching.stop();
  });

  test('tells on resuming that a thread left meanwhile', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 1));
    const first = watchThreads(bob, { projectId, filePath: 'a.ts' });
    await first.until((frame) => frame.type === 'snapshot');
    first.stop();
    await sync(projectId, { 'c.ts': tenLines });
    const resumed = watchThreads(bob, { projectId, filePath: 'a.ts', lastEventId: first.lastId() ?? '' });
    expect((await resumed.until((frame) => frame.type === 'thread.moved')).payload).toMatchObject({ id: thread.id, filePath: 'c.ts' });
    expect(resumed.received.map((frame) => frame.type)).toEqual(['thread.moved']);
    resumed.stop();
  });
});

describe('a live view', () => {
  test('kept up to date by its events is what a new subscription begins with', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const watching = watchThreads(bob, { projectId });
    await watching.until((frame) => frame.type === 'snapshot');
    const open = async (line: number) => (await ada.client.threads.create.mutate(onLines(projectId, line))).thread.id;
    const add = (threadId: string, body: string) => bob.client.comments.add.mutate({ projectId, threadId, body });
    const [one, two, three] = [await open(2), await open(5), await open(9)];
    const [first, second] = [await add(one, 'first'), await add(one, 'second')];
    await add(two, 'third');
    const { comments } = ada.client;
    await comments.react.mutate({ projectId, commentId: first.id, emoji: '👍' });
    await bob.client.comments.react.mutate({ projectId, commentId: first.id, emoji: '🎉' });
    await bob.client.comments.react.mutate({ projectId, commentId: first.id, emoji: '👍' });
    await comments.unreact.mutate({ projectId, commentId: first.id, emoji: '👍' });
    await bob.client.comments.edit.mutate({ projectId, commentId: first.id, body: 'first, edited' });
    await comments.delete.mutate({ projectId, commentId: second.id });
    await ada.client.threads.resolve.mutate({ projectId, threadId: two });
    await sync(projectId, { 'a.ts': `new\n${tenLines.replace('line 5\n', 'changed\n')}` });
    await bob.client.threads.reopen.mutate({ projectId, threadId: two });
    await ada.client.threads.delete.mutate({ projectId, threadId: three });
    await watching.until((frame) => frame.type === 'thread.deleted');
    const [before, ...events] = watching.received;
    watching.stop();
    const kept = events.reduce((threads, event) => applyThreadEvent(threads, event), before?.threads as unknown as Parameters<typeof applyThreadEvent>[0]);
    const fresh = watchThreads(bob, { projectId });
    const snapshot = await fresh.until((frame) => frame.type === 'snapshot');
    fresh.stop();
    expect(snapshot.seq).toBe(events.at(-1)?.seq);
    expect(kept).toEqual(snapshot.threads);
  });

  test('begins with the newest fifty comments of a long thread and says that there are earlier ones', async () => {
    const projectId = await makeProject();
    const { thread, comment } = await ada.client.threads.create.mutate({ projectId, body: 'x', subjectType: 'project', subjectId: projectId });
    await server.tessera.services.reads.query(
      `insert into comments (id, thread_id, author_id, body, created_at)
       select gen_random_uuid(), thread_id, author_id, 'Comment ' || n, created_at + n * interval '1 ms'
       from comments, generate_series(1, 60) n where id = $1`,
      [comment.id],
    );
    const watching = watchThreads(bob, { projectId, threadId: thread.id });
    const [shown] = (await watching.until((frame) => frame.type === 'snapshot')).threads as unknown as Parameters<typeof applyThreadEvent>[0];
    watching.stop();
    expect(shown?.hasEarlierComments).toBe(true);
    expect(shown?.comments.map(({ body }) => body)).toEqual(Array.from({ length: 50 }, (_, n) => `Comment ${n + 11}`));
  });
});
