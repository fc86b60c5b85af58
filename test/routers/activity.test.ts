import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type WorkWorld, makeWorkWorld } from '../support/workWorld.ts';

let world: WorkWorld;

beforeAll(async () => {
  world = await makeWorkWorld();
});
afterAll(() => world.server.close());

const feed = async (projectId: string, person = world.vic, input: object = {}) =>
  (await person.client.projects.activity.query({ projectId, limit: 200, ...input })).items;
const typesOf = async (projectId: string, person = world.vic) =>
  (await feed(projectId, person)).map((item) => item.type);
const openThread = (projectId: string, body = 'Why?') =>
  world.bob.client.threads.create.mutate({ projectId, subjectType: 'project', subjectId: projectId, body });

test('the feed tells what happened, newest first, with who did it and what it was', async () => {
  const projectId = await world.makeProject();
  const task = await world.bob.client.tasks.create.mutate({ projectId, title: 'Build' });
  const { thread } = await openThread(projectId);
  const items = await feed(projectId);
  expect(items.slice(0, 2)).toMatchObject([
    { type: 'thread.created', subject: `thread:${thread.id}`, actor: { id: world.bob.id, name: 'Bob' } },
    { type: 'task.created', subject: `task:${task.id}`, payload: task, createdAt: expect.any(Date) },
  ]);
  expect(items.at(-1)).toMatchObject({ type: 'project.created', seq: 1, actor: { id: world.ada.id } });
  expect(items.map((item) => item.seq)).toEqual(
    Array.from({ length: items.length }, (_, index) => items.length - index),
  );
});

test('pages follow one another without a gap, also while more happens', async () => {
  const projectId = await world.makeProject();
  for (let index = 0; index < 6; index += 1)
    await world.bob.client.tasks.create.mutate({ projectId, title: `Task ${index}` });
  const all = await feed(projectId);
  const seen: number[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: { seq: number }[]; nextCursor: string | null } =
      await world.vic.client.projects.activity.query({ projectId, cursor, limit: 4 });
    seen.push(...page.items.map((item) => item.seq));
    cursor = page.nextCursor;
    await world.bob.client.tasks.create.mutate({ projectId, title: 'Meanwhile' });
  } while (cursor !== null);
  expect(seen).toEqual(all.map((item) => item.seq));
  for (const bad of ['x', '-1', '1e3', '0', '9'.repeat(30)])
    expect((await failureOf(world.vic.client.projects.activity.query({ projectId, cursor: bad }))).code).toBe(
      'CURSOR_INVALID',
    );
});

test('each reader is told only what they may read', async () => {
  const projectId = await world.makeProject('public');
  await openThread(projectId);
  expect(await typesOf(projectId)).toContain('member.added');
  const guest = await typesOf(projectId, world.eve);
  expect(guest).toContain('thread.created');
  expect(guest).not.toContain('member.added');
  const hidden = await world.makeProject();
  expect((await failureOf(feed(hidden, world.eve))).code).toBe('NOT_FOUND');
  expect((await failureOf(world.server.connect().projects.activity.query({ projectId: hidden }))).code).toBe(
    'UNAUTHORIZED',
  );
});

test('what was deleted since is left out with all that was said of it, and is there again when it is restored', async () => {
  const projectId = await world.makeProject();
  const { bob, dan } = world;
  const { thread } = await openThread(projectId, 'kept');
  const secret = await bob.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'a secret' });
  await bob.client.comments.react.mutate({ projectId, commentId: secret.id, emoji: '👍' });
  const task = await bob.client.tasks.create.mutate({ projectId, title: 'secret task' });
  const issue = await bob.client.issues.create.mutate({ projectId, title: 'secret issue' });
  const text = async () => JSON.stringify(await feed(projectId));
  expect(await text()).toContain('a secret');
  await bob.client.comments.delete.mutate({ projectId, commentId: secret.id });
  await dan.client.tasks.delete.mutate({ projectId, taskId: task.id });
  await dan.client.issues.delete.mutate({ projectId, issueId: issue.id });
  expect(await text()).not.toContain('secret');
  expect(await text()).not.toContain('👍');
  expect(await text()).toContain('kept');
  await bob.client.threads.delete.mutate({ projectId, threadId: thread.id });
  expect(await text()).not.toContain('kept');
  await bob.client.threads.restore.mutate({ projectId, threadId: thread.id });
  await dan.client.issues.restore.mutate({ projectId, issueId: issue.id });
  expect(await text()).toContain('kept');
  expect(await text()).toContain('secret issue');
  expect(await text()).not.toContain('a secret');
});
