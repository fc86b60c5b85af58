import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemCause } from '../../src/database/transaction.ts';
import { reanchorThreads } from '../../src/domain/threads/reanchorThreads.ts';
import { type ThreadsState, type Watched, applyToThreads } from '../../client/src/index.ts';
import { collectFrames } from '../support/collectFrames.ts';
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
import { startCpuClock } from '../support/cpuClock.ts';

let world: ThreadWorld;
let ada: Person;
let bob: Person;
beforeAll(async () => {
  world = await makeThreadWorld();
  ({ ada, bob } = world);
});
afterAll(() => world.server.close());

const makeProject = (files?: Files) => world.makeProject(files);
const sync = (projectId: string, files: Files) => world.sync(projectId, files);
const whereIs = (projectId: string, threadId: string) => world.whereIs(projectId, threadId);

describe('when a sync brings a new version', () => {
  test('threads follow their lines, are outdated where these changed, and watchers see it live', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines, 'same.ts': tenLines });
    const open = async (line: number, path?: string) =>
      (await ada.client.threads.create.mutate(onLines(projectId, line, line, path))).thread.id;
    const [shifted, changed, still, elsewhere] = [
      await open(8),
      await open(5),
      await open(1),
      await open(2, 'same.ts'),
    ];
    const watching = watchThreads(bob, { projectId });
    await watching.until((frame) => frame.type === 'snapshot');
    const second = tenLines.replace('line 5\n', 'line five\nand more\n');
    expect(await sync(projectId, { 'a.ts': second, 'same.ts': tenLines })).toEqual({
      version: 2,
      moved: 1,
      outdated: 1,
      unchanged: 2,
    });
    const moved = await watching.until((frame) => frame.type === 'thread.moved');
    const outdated = await watching.until((frame) => frame.type === 'thread.outdated');
    expect(moved.payload).toMatchObject({
      id: shifted,
      placement: 'current',
      lineStart: 9,
      placedVersion: 2,
      anchor: { lineStart: 8 },
    });
    expect(outdated.payload).toMatchObject({ id: changed, placement: 'outdated', lineStart: 5 });
    const {
      commentCount: _,
      unreadCount: __,
      lastCommentAt: ___,
      excerpt: ____,
      ...view
    } = (await bob.client.threads.get.query({ projectId, threadId: shifted })).thread;
    expect(moved.payload).toEqual(view);
    expect(await whereIs(projectId, still)).toEqual(['current', 'a.ts', 1, 1]);
    expect(await whereIs(projectId, elsewhere)).toEqual(['current', 'same.ts', 2, 2]);
    // Back to the first version: from the original anchor both are where they began.
    expect(await sync(projectId, { 'a.ts': tenLines, 'same.ts': tenLines })).toMatchObject({
      moved: 2,
      outdated: 0,
    });
    expect(await whereIs(projectId, changed)).toEqual(['current', 'a.ts', 5, 5]);
    expect(watching.received.filter((frame) => frame.type.startsWith('thread.'))).toHaveLength(4);
    watching.stop();
  });

  test('a renamed file takes its threads along, also through a second rename and heavy changes', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 3));
    await sync(projectId, { 'src/b.ts': tenLines });
    expect(await whereIs(projectId, thread.id)).toEqual(['current', 'src/b.ts', 3, 3]);
    await sync(projectId, {
      'src/b.ts': 'line 3\nall else is different\n',
      'a.ts': 'another file by an old name\n',
    });
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
    expect((await watching.until((frame) => frame.type === 'thread.outdated')).payload).toMatchObject({
      placement: 'gone',
      filePath: 'a.ts',
      lineStart: 3,
    });
    expect(await sync(projectId, { 'b.md': 'no relation at all\n' })).toMatchObject({
      outdated: 0,
      unchanged: 1,
    });
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
    const { reads } = world.server.tessera.services;
    await ada.client.threads.create.mutate(onLines(projectId, 1));
    await reads.query(
      `insert into comment_threads (id, project_id, author_id, file_path, line_start, line_end, anchor, placed_version)
       select gen_random_uuid(), project_id, author_id, file_path, n, n,
         anchor || jsonb_build_object('lineStart', n, 'lineEnd', n, 'text', 'line ' || n), placed_version
       from comment_threads, generate_series(2, 500) n where project_id = $1`,
      [projectId],
    );
    const spent = startCpuClock();
    expect(await sync(projectId, { 'a.ts': `new\n${files['a.ts']}` })).toMatchObject({
      moved: 500,
      outdated: 0,
      unchanged: 0,
    });
    expect(spent()).toBeLessThan(10_000);
    const { rows } = await reads.query<{ count: number }>(
      `select count(*)::int from audit_logs where project_id = $1 and action = 'move'`,
      [projectId],
    );
    expect(rows[0]?.count).toBeLessThanOrEqual(3);
    const { orm, storage } = world.server.tessera.services;
    expect(await reanchorThreads({ orm, storage, cause: systemCause }, projectId)).toEqual({
      moved: 0,
      outdated: 0,
      unchanged: 0,
    });
  });

  test('two runs at the same time place each thread once', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    for (let line = 1; line <= 5; line += 1) await ada.client.threads.create.mutate(onLines(projectId, line));
    await putManifest(world.server, projectId, { 'a.ts': `new\n${tenLines}` });
    const { orm, storage } = world.server.tessera.services;
    const runs = await Promise.all(
      [1, 2, 3].map(() => reanchorThreads({ orm, storage, cause: systemCause }, projectId)),
    );
    expect(runs.reduce((sum, run) => sum + run.moved, 0)).toBe(5);
  });
});

test('the threads of a real repository follow its commits', async () => {
  const repository = await mkdtemp(join(tmpdir(), 'tessera-threads-'));
  const git = (...args: string[]) =>
    promisify(execFile)('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
      cwd: repository,
    });
  const commit = async (content: string) => {
    await writeFile(join(repository, 'a.ts'), content);
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'change');
  };
  try {
    await git('init', '--quiet');
    await commit(tenLines);
    const { id: projectId } = await ada.client.projects.create.mutate({
      name: 'Real',
      repositoryUrl: repository,
    });
    const project = collectFrames<{ type: string }>((on) =>
      ada.client.projects.watch.subscribe({ projectId }, on),
    );
    await ada.client.repositories.sync.mutate({ projectId });
    await project.until((frame) => frame.type === 'job.completed');
    project.stop();
    const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 3));
    const head = (await git('rev-parse', 'HEAD')).stdout.trim();
    expect(thread.anchor).toMatchObject({ version: 1, commitSha: head, text: 'line 3' });
    const watching = watchThreads(ada, { projectId });
    await watching.until((frame) => frame.type === 'snapshot');
    await commit(`new\n${tenLines}`);
    await ada.client.repositories.sync.mutate({ projectId });
    expect((await watching.until((frame) => frame.type === 'thread.moved')).payload).toMatchObject({
      id: thread.id,
      lineStart: 4,
      placedVersion: 2,
    });
    watching.stop();
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
});

describe('watching the threads of a file', () => {
  test('shows its own threads and their comments, and tells when one leaves', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines, 'b.ts': 'other\n' });
    const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 1));
    const watching = watchThreads(bob, { projectId, filePath: 'a.ts' });
    const snapshot = await watching.until((frame) => frame.type === 'snapshot');
    expect(snapshot.threads).toMatchObject([
      { thread: { id: thread.id }, comments: [{ body: 'What is this for?' }], hasEarlierComments: false },
    ]);
    const { thread: other } = await ada.client.threads.create.mutate(onLines(projectId, 1, 1, 'b.ts'));
    await ada.client.comments.add.mutate({ projectId, threadId: other.id, body: 'not here' });
    await ada.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'here' });
    await sync(projectId, { 'c.ts': tenLines, 'b.ts': 'other\n' });
    const left = await watching.until((frame) => frame.type === 'thread.moved');
    expect(left.payload).toMatchObject({ id: thread.id, filePath: 'c.ts' });
    expect(watching.received.map((frame) => frame.type)).toEqual([
      'snapshot',
      'comment.added',
      'thread.moved',
    ]);
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
    expect((await resumed.until((frame) => frame.type === 'thread.moved')).payload).toMatchObject({
      id: thread.id,
      filePath: 'c.ts',
    });
    expect(resumed.received.map((frame) => frame.type)).toEqual(['thread.moved']);
    resumed.stop();
  });
});

describe('a live view', () => {
  test('kept up to date by its events is what a new subscription begins with', async () => {
    const projectId = await makeProject({ 'a.ts': tenLines });
    const watching = watchThreads(bob, { projectId });
    await watching.until((frame) => frame.type === 'snapshot');
    const open = async (line: number) =>
      (await ada.client.threads.create.mutate(onLines(projectId, line))).thread.id;
    const add = (threadId: string, body: string) =>
      bob.client.comments.add.mutate({ projectId, threadId, body });
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
    const kept = [before, ...events].reduce<ThreadsState | undefined>(
      (state, event) => applyToThreads(state, event as unknown as Watched<'threads'>),
      undefined,
    );
    const fresh = watchThreads(bob, { projectId });
    const snapshot = await fresh.until((frame) => frame.type === 'snapshot');
    fresh.stop();
    expect(snapshot.seq).toBe(events.at(-1)?.seq);
    expect(kept?.threads).toEqual(snapshot.threads);
  });

  test('begins with the newest fifty comments of a long thread and says that there are earlier ones', async () => {
    const projectId = await makeProject();
    const { thread, comment } = await ada.client.threads.create.mutate({
      projectId,
      body: 'x',
      subjectType: 'project',
      subjectId: projectId,
    });
    await world.server.tessera.services.reads.query(
      `insert into comments (id, thread_id, author_id, body, created_at)
       select gen_random_uuid(), thread_id, author_id, 'Comment ' || n, created_at + n * interval '1 ms'
       from comments, generate_series(1, 60) n where id = $1`,
      [comment.id],
    );
    const watching = watchThreads(bob, { projectId, threadId: thread.id });
    const [shown] = (await watching.until((frame) => frame.type === 'snapshot'))
      .threads as unknown as ThreadsState['threads'];
    watching.stop();
    expect(shown?.hasEarlierComments).toBe(true);
    expect(shown?.comments.map(({ body }) => body)).toEqual(
      Array.from({ length: 50 }, (_, n) => `Comment ${n + 11}`),
    );
  });
});
