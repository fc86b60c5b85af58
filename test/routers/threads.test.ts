import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { PlaceOvertaken, createThread } from '../../src/domain/threads/createThread.ts';
import { makeAnchor } from '../../src/domain/threads/makeAnchor.ts';
import { failureOf } from '../support/failure.ts';
import { putManifest } from '../support/putManifest.ts';
import type { Person } from '../support/server.ts';
import {
  type Files,
  type ThreadWorld,
  makeThreadWorld,
  onLines,
  tenLines,
  watchThreads,
} from '../support/threadWorld.ts';

let world: ThreadWorld;
let ada: Person;
let bob: Person;
let eve: Person;

beforeAll(async () => {
  world = await makeThreadWorld();
  ({ ada, bob, eve } = world);
});
afterAll(() => world.server.close());

const makeProject = (files?: Files) => world.makeProject(files);
const sync = (projectId: string, files: Files) => world.sync(projectId, files);
const whereIs = (projectId: string, threadId: string) => world.whereIs(projectId, threadId);

describe('opening a thread', () => {
  test('on lines of a file keeps commit, path, lines and text, and everyone who watches sees it at once', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const watching = watchThreads(bob, { projectId });
    await watching.until((frame) => frame.type === 'snapshot');
    const { thread, comment } = await ada.client.threads.create.mutate({
      ...onLines(projectId, 3, 4),
      title: 'Why?',
    });
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
    expect(listed).toEqual({
      ...thread,
      commentCount: 1,
      unreadCount: 1,
      lastCommentAt: comment.createdAt,
      excerpt: comment.body,
    });
    const got = await bob.client.threads.get.query({ projectId, threadId: thread.id });
    expect(got).toEqual({
      thread: listed,
      comments: { items: [comment], nextCursor: null },
      subscription: null,
    });
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
    expect(thread).toMatchObject({
      subjectType: 'project',
      subjectId: projectId,
      startMs: 0,
      endMs: 1500,
      filePath: null,
      anchor: null,
    });
    const ofSubject = await ada.client.threads.list.query({
      projectId,
      subjectType: 'project',
      subjectId: projectId,
    });
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
    [
      'half of a range of time',
      { subjectType: 'project' as const, subjectId: randomUUID(), startMs: 0 },
      'endMs',
    ],
    [
      'a file and the start of a range',
      { filePath: 'a.ts', lineStart: 1, lineEnd: 1, startMs: 0 },
      'subjectType',
    ],
  ])('with %s is refused, naming the field', async (_, input, field) => {
    const projectId = await makeProject();
    const failure = await failureOf(ada.client.threads.create.mutate({ projectId, body: 'x', ...input }));
    expect(failure.code).toBe('BAD_INPUT');
    expect(Object.keys(failure.fields ?? {})).toEqual([field]);
  });

  test('says what is wrong with the place', async () => {
    const empty = await makeProject();
    const open = (input: Parameters<typeof ada.client.threads.create.mutate>[0]) =>
      failureOf(ada.client.threads.create.mutate(input));
    expect((await open(onLines(empty, 1))).code).toBe('MANIFEST_MISSING');
    const projectId = await makeProject({
      'a.ts': tenLines,
      'empty.ts': '',
      'logo.png': Buffer.from('binary'),
    });
    expect((await open({ ...onLines(projectId, 1), version: 2 })).code).toBe('MANIFEST_MISSING');
    expect((await open(onLines(projectId, 1, 1, 'b.ts'))).code).toBe('FILE_NOT_IN_MANIFEST');
    expect((await open(onLines(projectId, 1, 1, '../a.ts'))).code).toBe('PATH_REFUSED');
    expect((await open(onLines(projectId, 1, 1, 'logo.png'))).message).toBe(
      'The content of logo.png is not kept: it is binary.',
    );
    expect((await open(onLines(projectId, 11))).message).toBe(
      'Lines 11–11 lie outside a.ts, which has 10 lines.',
    );
    expect((await open(onLines(projectId, 4, 3))).code).toBe('LINES_OUTSIDE_FILE');
    expect((await open(onLines(projectId, 1, 1, 'empty.ts'))).code).toBe('LINES_OUTSIDE_FILE');
  });

  test('on an old version places it in the latest at once', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    await putManifest(world.server, projectId, { 'b.ts': `new\n${tenLines}` });
    const { thread } = await ada.client.threads.create.mutate({ ...onLines(projectId, 3), version: 1 });
    expect(thread).toMatchObject({
      placement: 'current',
      filePath: 'b.ts',
      lineStart: 4,
      placedVersion: 2,
      anchor: { path: 'a.ts', lineStart: 3, version: 1 },
    });
  });

  test('is never put where a sync has overtaken its place', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const { services } = world.server.tessera;
    const on = await makeAnchor(services, { projectId, filePath: 'a.ts', lineStart: 1, lineEnd: 1 });
    await putManifest(world.server, projectId, { 'a.ts': `new\n${tenLines}` });
    const actor = { id: ada.id, username: ada.username, name: 'Ada', actorType: 'person' as const };
    const late = transact(services.orm, systemCause, (em) =>
      createThread(em, actor, { projectId, body: 'x', mentioned: [], on }),
    );
    await expect(late).rejects.toThrow(PlaceOvertaken);
  });

  test('a retry with the same mutationId opens no second thread, even when its file is gone by then', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const mutationId = randomUUID();
    const first = await ada.client.threads.create.mutate({ ...onLines(projectId, 1), mutationId });
    await putManifest(world.server, projectId, {});
    expect(await ada.client.threads.create.mutate({ ...onLines(projectId, 1), mutationId })).toEqual(first);
    expect((await ada.client.threads.list.query({ projectId })).items).toHaveLength(1);
  });
});

describe('reading threads', () => {
  test('lists are newest first, page without gap or repetition, and filter by file, status, place and author', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines, 'b.ts': tenLines });
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { thread } = await ada.client.threads.create.mutate(
        onLines(projectId, 1, 1, n % 2 ? 'b.ts' : 'a.ts'),
      );
      ids.unshift(thread.id);
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { id: string }[]; nextCursor: string | null } =
        await ada.client.threads.list.query({ projectId, limit: 2, cursor });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(ids);
    await ada.client.threads.resolve.mutate({ projectId, threadId: ids[0] ?? '' });
    const listed = await ada.client.threads.list.query({ projectId, filePath: 'a.ts', status: 'open' });
    expect(listed.items.map((item) => item.id)).toEqual([ids[2], ids[4]]);
    const { thread: his } = await bob.client.threads.create.mutate(onLines(projectId, 2, 2, 'a.ts'));
    const byBob = await ada.client.threads.list.query({ projectId, authorId: bob.id });
    expect(byBob.items.map((item) => item.id)).toEqual([his.id]);
    await sync(projectId, { 'a.ts': tenLines.replace('line 2\n', 'changed\n'), 'c.ts': 'x\n' });
    const changed = await ada.client.threads.list.query({ projectId, placements: ['outdated', 'gone'] });
    expect(changed.items.map(({ placement }) => placement).toSorted()).toEqual(['gone', 'gone', 'outdated']);
    const outdated = await ada.client.threads.list.query({ projectId, placements: ['outdated'] });
    expect(outdated.items.map((item) => item.id)).toEqual([his.id]);
    expect((await failureOf(ada.client.threads.list.query({ projectId, cursor: 'nonsense' }))).code).toBe(
      'CURSOR_INVALID',
    );
  });

  test('comments of others are unread until one says how far one has read, which never goes back', async () => {
    const projectId = await makeProject();
    const { thread, comment } = await ada.client.threads.create.mutate({
      projectId,
      body: 'One',
      subjectType: 'project',
      subjectId: projectId,
    });
    const unread = async (person: Person) =>
      (await person.client.threads.get.query({ projectId, threadId: thread.id })).thread.unreadCount;
    await ada.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'Two' });
    expect([await unread(ada), await unread(bob)]).toEqual([0, 2]);
    const read = await bob.client.threads.markRead.mutate({ projectId, threadId: thread.id });
    expect(await unread(bob)).toBe(0);
    expect(
      await bob.client.threads.markRead.mutate({ projectId, threadId: thread.id, commentId: comment.id }),
    ).toEqual(read);
    expect(await unread(bob)).toBe(0);
    await ada.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'Three' });
    expect(await unread(bob)).toBe(1);
    const unknown = { projectId, threadId: thread.id, commentId: randomUUID() };
    expect((await failureOf(bob.client.threads.markRead.mutate(unknown))).code).toBe('NOT_FOUND');
  });

  test('a thread of another project does not exist in this one, for any procedure', async () => {
    const [here, there] = [await makeProject(), await makeProject()];
    const { thread, comment } = await ada.client.threads.create.mutate({
      projectId: there,
      body: 'x',
      subjectType: 'project',
      subjectId: there,
    });
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
    const { thread } = await ada.client.threads.create.mutate({
      projectId,
      body: 'x',
      subjectType: 'project',
      subjectId: projectId,
    });
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
    expect(watching.received.map((frame) => frame.type)).toEqual([
      'snapshot',
      'thread.resolved',
      'comment.added',
      'thread.reopened',
    ]);
    watching.stop();
  });

  test('only its author and moderators delete and restore it; nobody writes in it meanwhile', async () => {
    const projectId = await makeProject();
    await ada.client.members.add.mutate({ projectId, actorId: eve.id, role: 'editor' });
    const { thread } = await bob.client.threads.create.mutate({
      projectId,
      body: 'x',
      subjectType: 'project',
      subjectId: projectId,
    });
    const of = { projectId, threadId: thread.id };
    expect((await failureOf(eve.client.threads.delete.mutate(of))).code).toBe('NOT_AUTHOR_OR_MODERATOR');
    await bob.client.threads.delete.mutate(of);
    expect((await ada.client.threads.list.query({ projectId })).items).toEqual([]);
    expect((await failureOf(ada.client.threads.get.query(of))).code).toBe('NOT_FOUND');
    expect((await failureOf(ada.client.comments.add.mutate({ ...of, body: 'x' }))).code).toBe(
      'REPLY_TO_DELETED',
    );
    expect((await failureOf(eve.client.threads.restore.mutate(of))).code).toBe('NOT_AUTHOR_OR_MODERATOR');
    await ada.client.threads.restore.mutate(of);
    await ada.client.comments.add.mutate({ ...of, body: 'x' });
    expect((await ada.client.threads.get.query(of)).thread.commentCount).toBe(2);
  });

  test('a restored thread stands where its lines went while it was deleted', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 3));
    await ada.client.threads.delete.mutate({ projectId, threadId: thread.id });
    expect(await sync(projectId, { 'a.ts': `new\n${tenLines}` })).toMatchObject({
      moved: 0,
      outdated: 0,
      unchanged: 0,
    });
    await ada.client.threads.restore.mutate({ projectId, threadId: thread.id });
    expect(await whereIs(projectId, thread.id)).toEqual(['current', 'a.ts', 4, 4]);
  });

  test('what people did stands in the audit log, who read what does not', async () => {
    const projectId = await makeProject();
    const { thread } = await bob.client.threads.create.mutate({
      projectId,
      body: 'x',
      subjectType: 'project',
      subjectId: projectId,
    });
    const of = { projectId, threadId: thread.id };
    await bob.client.threads.resolve.mutate(of);
    await bob.client.threads.unsubscribe.mutate(of);
    await bob.client.threads.markRead.mutate(of);
    const { rows } = await world.server.tessera.services.reads.query<{ what: string }>(
      `select action || ' ' || entity_type as what from audit_logs where user_id = $1 and (project_id = $2 or entity_type = 'comments') order by created_at, id`,
      [bob.id, projectId],
    );
    expect(rows.map((row) => row.what)).toEqual(
      expect.arrayContaining([
        'create comment_threads',
        'create comments',
        'update comment_threads',
        'update thread_subscriptions',
      ]),
    );
    expect(rows.map((row) => row.what).join()).not.toContain('thread_reads');
  });
});
