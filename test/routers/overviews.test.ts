import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import type { Person } from '../support/server.ts';
import { type ThreadWorld, makeThreadWorld, onLines, tenLines } from '../support/threadWorld.ts';

let world: ThreadWorld;
let ada: Person;
let bob: Person;
let eve: Person;
let projectId: string;

beforeAll(async () => {
  world = await makeThreadWorld();
  ({ ada, bob, eve } = world);
  projectId = await world.makeProject({ 'a.ts': tenLines, 'lib/b.ts': tenLines, 'lib/c.ts': tenLines });
});
afterAll(() => world.server.close());

test('the files with threads come in the order of their paths, with how many stand there', async () => {
  const open = async (filePath: string) =>
    (await ada.client.threads.create.mutate({ ...onLines(projectId, 3, 4), filePath })).thread.id;
  const [first, second] = [await open('a.ts'), await open('a.ts')];
  for (const path of ['lib/b.ts', 'lib/c.ts']) await open(path);
  await ada.client.threads.resolve.mutate({ projectId, threadId: first });
  const all = [
    { filePath: 'a.ts', open: 1, resolved: 1, outdated: 0 },
    { filePath: 'lib/b.ts', open: 1, resolved: 0, outdated: 0 },
    { filePath: 'lib/c.ts', open: 1, resolved: 0, outdated: 0 },
  ];
  const files = (input = {}) => bob.client.threads.files.query({ projectId, ...input });
  expect(await files()).toEqual({ items: all, nextCursor: null });
  expect((await files({ prefix: 'lib/' })).items).toEqual(all.slice(1));
  const page = await files({ limit: 2 });
  expect(page.items).toEqual(all.slice(0, 2));
  expect((await files({ limit: 2, cursor: page.nextCursor })).items).toEqual(all.slice(2));
  await world.sync(projectId, { 'a.ts': 'another text\n', 'lib/b.ts': tenLines, 'lib/c.ts': tenLines });
  expect((await files({ limit: 1 })).items).toEqual([{ ...all[0], outdated: 1 }]);
  await ada.client.threads.delete.mutate({ projectId, threadId: second });
  expect((await files({ limit: 1 })).items).toEqual([{ ...all[0], open: 0, outdated: 0 }]);
  expect(await failureOf(files({ cursor: 'AA' }))).toMatchObject({ code: 'CURSOR_INVALID' });
  expect(await failureOf(eve.client.threads.files.query({ projectId }))).toMatchObject({ code: 'NOT_FOUND' });
});

test('a long thread is read backwards from its newest comment', async () => {
  const { thread } = await ada.client.threads.create.mutate(onLines(projectId, 1, 1, 'lib/c.ts'));
  for (const body of ['b', 'c', 'd'])
    await ada.client.comments.add.mutate({ projectId, threadId: thread.id, body });
  const read = (input: { newestFirst: boolean; limit?: number; cursor?: string | null }) =>
    bob.client.comments.list.query({ projectId, threadId: thread.id, ...input });
  const forwards = (await read({ newestFirst: false })).items;
  expect(forwards.map(({ body }) => body).slice(1)).toEqual(['b', 'c', 'd']);
  const first = await read({ newestFirst: true, limit: 3 });
  const rest = await read({ newestFirst: true, limit: 3, cursor: first.nextCursor });
  expect([...first.items, ...rest.items]).toEqual(forwards.toReversed());
  expect(rest.nextCursor).toBeNull();
});

test('one call says what all tasks of a board wait for', async () => {
  const make = async (title: string) => (await ada.client.tasks.create.mutate({ projectId, title })).id;
  const [roof, walls, paint] = [await make('Roof'), await make('Walls'), await make('Paint')];
  for (const [taskId, dependsOn] of [
    [roof, walls],
    [paint, walls],
    [paint, roof],
  ] as const)
    await ada.client.tasks.addDependency.mutate({ projectId, taskId, dependsOn });
  const waits = async (taskIds: string[]) =>
    (await bob.client.tasks.dependencies.query({ projectId, taskIds })).items.map(
      (item) => `${item.taskId} ${item.dependsOn.title} ${item.dependsOn.status}`,
    );
  expect(new Set(await waits([roof, paint, walls]))).toEqual(
    new Set([`${roof} Walls NOT_STARTED`, `${paint} Walls NOT_STARTED`, `${paint} Roof NOT_STARTED`]),
  );
  expect(await waits([walls])).toEqual([]);
  await ada.client.tasks.delete.mutate({ projectId, taskId: walls });
  expect(await waits([roof, paint])).toEqual([`${paint} Roof NOT_STARTED`]);
  const elsewhere = await world.makeProject();
  expect(
    (await ada.client.tasks.dependencies.query({ projectId: elsewhere, taskIds: [paint] })).items,
  ).toEqual([]);
});

test('tasks of no milestone are listed by themselves', async () => {
  const own = await world.makeProject();
  const milestone = await ada.client.milestones.create.mutate({
    projectId: own,
    title: 'First',
    startAt: new Date(),
    endAt: new Date(Date.now() + 86_400_000),
  });
  const inside = await ada.client.tasks.create.mutate({
    projectId: own,
    title: 'In',
    milestoneId: milestone.id,
  });
  const outside = await ada.client.tasks.create.mutate({ projectId: own, title: 'Out' });
  const ids = async (milestoneId?: string | null) =>
    (await ada.client.tasks.list.query({ projectId: own, milestoneId })).items.map(({ id }) => id);
  expect(await ids(null)).toEqual([outside.id]);
  expect(await ids(milestone.id)).toEqual([inside.id]);
  expect(await ids()).toEqual([outside.id, inside.id]);
});

test('the labels of issues come with how many have them, deleted issues aside', async () => {
  const make = async (labels: string[]) =>
    (await ada.client.issues.create.mutate({ projectId, title: 'Issue', labels })).id;
  const [first, , third] = [await make(['bug', 'ui']), await make(['bug']), await make(['old'])];
  await ada.client.issues.close.mutate({ projectId, issueId: first });
  await ada.client.issues.delete.mutate({ projectId, issueId: third });
  expect(await bob.client.issues.labels.query({ projectId })).toEqual({
    items: [
      { label: 'bug', open: 1, total: 2 },
      { label: 'ui', open: 0, total: 1 },
    ],
  });
});

test('the inbox counts by project and subject, and says what is muted', async () => {
  const own = await world.makeProject({ 'a.ts': tenLines });
  const open = async () =>
    (await ada.client.threads.create.mutate({ ...onLines(own, 1, 1), body: `@${bob.username} look` })).thread
      .id;
  const [one, two] = [await open(), await open()];
  const told = async () => (await bob.client.notifications.groups.query({ projectId: own })).items;
  await expect
    .poll(async () => (await told()).filter(({ newest }) => newest.type === 'mention').length, {
      timeout: 20_000,
    })
    .toBe(2);
  const groups = await told();
  expect(groups.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining([`thread:${one}`, `thread:${two}`]),
  );
  expect(groups[0]).toMatchObject({
    project: { id: own, name: expect.any(String), identifier: expect.any(String) },
    threadState: null,
    watchLevel: null,
  });
  await bob.client.threads.unsubscribe.mutate({ projectId: own, threadId: one });
  await bob.client.watches.set.mutate({ projectId: own, level: 'none' });
  const states = new Map((await told()).map((group) => [group.subject, group]));
  expect(states.get(`thread:${one}`)).toMatchObject({ threadState: 'muted', watchLevel: 'none' });
  expect(states.get(`thread:${two}`)).toMatchObject({ threadState: null, watchLevel: 'none' });

  const counts = await bob.client.notifications.unreadCounts.query();
  expect(counts.total).toBe(await bob.client.notifications.unreadCount.query());
  expect(counts.subjects).toContainEqual({ subject: `thread:${two}`, projectId: own, unread: 1 });
  const inProject = groups.reduce((sum, { unread }) => sum + unread, 0);
  expect(counts.projects).toContainEqual({ projectId: own, unread: inProject });
  await bob.client.notifications.markRead.mutate({ subject: `thread:${two}` });
  const fewer = await bob.client.notifications.unreadCounts.query();
  expect(fewer.total).toBe(counts.total - 1);
  expect(fewer.subjects.map(({ subject }) => subject)).not.toContain(`thread:${two}`);
});

test('who has left a project is told its name no longer', async () => {
  const own = await world.makeProject({ 'a.ts': tenLines });
  await ada.client.threads.create.mutate({ ...onLines(own, 1, 1), body: `@${bob.username} look` });
  const told = async () => (await bob.client.notifications.groups.query({ projectId: own })).items;
  await expect.poll(async () => (await told()).length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect((await told())[0]?.project?.id).toBe(own);
  await ada.client.members.remove.mutate({ projectId: own, actorId: bob.id });
  const since = await told();
  expect(since.length).toBeGreaterThan(0);
  expect(since.filter(({ project }) => project !== null)).toEqual([]);
});
