import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '../../src/database/transaction.ts';
import { remindOfDueTasks } from '../../src/domain/tracking/remindOfDueTasks.ts';
import { type Told, readInbox } from '../support/readInbox.ts';
import type { Person } from '../support/server.ts';
import { type WorkWorld, eventsOf, inDays, makeWorkWorld } from '../support/workWorld.ts';

let world: WorkWorld;

beforeAll(async () => {
  world = await makeWorkWorld();
});
afterAll(() => world.server.close());

const told = (projectId: string, person: Person): Promise<Told[]> => readInbox(projectId, person, world.ada);
const typesTold = async (projectId: string, person: Person) =>
  (await told(projectId, person)).map((item) => item.type);
const discuss = (
  projectId: string,
  by: Person,
  body: string,
  on: object = { subjectType: 'project', subjectId: projectId },
) => by.client.threads.create.mutate({ projectId, body, ...on });

describe('the assignee of a task', () => {
  test('is told when it is given to them, at its making or later, and not when they took it themselves', async () => {
    const projectId = await world.makeProject();
    const { bob, dan } = world;
    const dueAt = new Date('2999-01-31T09:30:00Z');
    const task = await bob.client.tasks.create.mutate({
      projectId,
      title: 'Build',
      assigneeId: dan.id,
      dueAt,
    });
    await bob.client.tasks.update.mutate({ projectId, taskId: task.id, assigneeId: bob.id });
    await bob.client.tasks.update.mutate({ projectId, taskId: task.id, title: 'Build it' });
    await bob.client.tasks.update.mutate({ projectId, taskId: task.id, assigneeId: dan.id });
    expect(await told(projectId, dan)).toMatchObject([
      {
        type: 'task.assigned',
        title: 'Bob assigned “Build” to you',
        message: 'It is due on 2999-01-31 09:30 UTC.',
        subject: `task:${task.id}`,
        payload: { taskId: task.id, actorId: bob.id },
      },
      { type: 'task.assigned', title: 'Bob assigned “Build it” to you' },
    ]);
    expect(await typesTold(projectId, bob)).toEqual([]);
  });

  test('is told when nothing blocks it any more', async () => {
    const projectId = await world.makeProject();
    const { bob, dan, ada } = world;
    const { tasks } = bob.client;
    const first = await tasks.create.mutate({ projectId, title: 'First', status: 'IN_PROGRESS' });
    const then = await tasks.create.mutate({ projectId, title: 'Then' });
    await tasks.addDependency.mutate({ projectId, taskId: then.id, dependsOn: first.id });
    await dan.client.tasks.update.mutate({ projectId, taskId: then.id, assigneeId: dan.id });
    await ada.client.tasks.update.mutate({ projectId, taskId: first.id, status: 'COMPLETED' });
    expect((await told(projectId, dan)).map((item) => item.title)).toEqual(['“Then” is no longer blocked']);
  });
});

describe('that a task is due', () => {
  const remind = () =>
    transact(world.server.tessera.services.orm, { actorId: null, via: 'worker' }, remindOfDueTasks);

  test('is told its assignee once for each due date, by the queue’s own clock, however often and by however many it is looked for', async () => {
    const projectId = await world.makeProject();
    const { bob, dan, server } = world;
    const { reads } = server.tessera.services;
    const clock = await reads.query(
      `select from graphile_worker._private_known_crontabs where identifier = 'tasks.remind'`,
    );
    expect(clock.rowCount).toBe(1);
    const { id: taskId } = await bob.client.tasks.create.mutate({
      projectId,
      title: 'Soon',
      assigneeId: dan.id,
      dueAt: inDays(0.5),
    });
    await reads.query(`select graphile_worker.add_job('tasks.remind')`);
    await expect
      .poll(() => eventsOf(server, projectId, `task:${taskId}`))
      .toEqual(['task.created', 'task.due']);
    await Promise.all(Array.from({ length: 4 }, remind));
    const { dueAt } = await bob.client.tasks.update.mutate({ projectId, taskId, dueAt: inDays(0.7) });
    await Promise.all(Array.from({ length: 4 }, remind));
    await bob.client.tasks.update.mutate({ projectId, taskId, dueAt: inDays(3) });
    await remind();
    await bob.client.tasks.update.mutate({ projectId, taskId, dueAt });
    await remind();
    const due = (await told(projectId, dan)).filter((item) => item.type === 'task.due');
    expect(due).toMatchObject([
      { title: '“Soon” is due', subject: `task:${taskId}` },
      { title: '“Soon” is due', message: expect.stringContaining(dueAt!.toISOString().slice(0, 10)) },
    ]);
  });

  test('is told also when it was missed, but not of what is done, deleted, nobody’s, far off or long past', async () => {
    const projectId = await world.makeProject();
    const { bob, dan } = world;
    const { tasks } = bob.client;
    const make = async (title: string, days: number, input: object = {}) =>
      (await tasks.create.mutate({ projectId, title, assigneeId: dan.id, dueAt: inDays(days), ...input })).id;
    await make('Missed', -2);
    await make('Done', 0.5, { status: 'COMPLETED' });
    await make('Nobody’s', 0.5, { assigneeId: null });
    await make('Far', 2);
    await make('Long past', -8);
    await dan.client.tasks.delete.mutate({ projectId, taskId: await make('Deleted', 0.5) });
    await remind();
    const due = (await told(projectId, dan)).filter((item) => item.type === 'task.due');
    expect(due.map((item) => item.title)).toEqual(['“Missed” is due']);
  });

  test('is not told to who left, and waits while its project is deleted', async () => {
    const projectId = await world.makeProject();
    const { ada, bob, server } = world;
    const leaver = await server.person('Leaver');
    await ada.client.members.add.mutate({ projectId, actorId: leaver.id, role: 'editor' });
    const { id: taskId } = await bob.client.tasks.create.mutate({
      projectId,
      title: 'Left',
      assigneeId: leaver.id,
      dueAt: inDays(5),
    });
    await typesTold(projectId, leaver);
    await ada.client.members.remove.mutate({ projectId, actorId: leaver.id });
    await ada.client.projects.delete.mutate({ projectId });
    // Only now, so that the queue's clock cannot say it before the project is deleted.
    await server.tessera.services.reads.query('update tasks set due_date = now() where id = $1', [taskId]);
    await remind();
    expect(await eventsOf(server, projectId, `task:${taskId}`)).toEqual(['task.created']);
    await ada.client.projects.restore.mutate({ projectId });
    await remind();
    expect(await eventsOf(server, projectId, `task:${taskId}`)).toEqual(['task.created', 'task.due']);
    await typesTold(projectId, bob);
    await ada.client.members.add.mutate({ projectId, actorId: leaver.id, role: 'editor' });
    expect(await typesTold(projectId, leaver)).toEqual(['task.assigned']);
  });
});

describe('of an issue', () => {
  test('its assignee, those it mentions, and its people when it is closed are told', async () => {
    const projectId = await world.makeProject();
    const { bob, dan, vic, ada } = world;
    const issue = await bob.client.issues.create.mutate({
      projectId,
      title: 'Crash',
      body: `@${vic.username} and @${world.eve.username}, look; \`@${ada.username}\` not.`,
      assigneeId: dan.id,
    });
    await bob.client.issues.update.mutate({ projectId, issueId: issue.id, assigneeId: vic.id });
    await ada.client.issues.close.mutate({ projectId, issueId: issue.id });
    expect(await told(projectId, dan)).toMatchObject([
      {
        type: 'issue.assigned',
        title: 'Bob assigned issue #1 “Crash” to you',
        subject: `issue:${issue.id}`,
        payload: { issueId: issue.id, number: 1, actorId: bob.id },
      },
    ]);
    expect((await told(projectId, vic)).map(({ type, title }) => [type, title])).toEqual([
      ['mention', 'Bob mentioned you'],
      ['issue.assigned', 'Bob assigned issue #1 “Crash” to you'],
      ['issue.closed', 'Ada closed issue #1 “Crash”'],
    ]);
    expect(await typesTold(projectId, bob)).toEqual(['issue.closed']);
    expect((await world.eve.client.notifications.list.query({})).items).toEqual([]);
  });

  test('its author and assignee are told of its discussion, as those of a task are, but not of their own words', async () => {
    const projectId = await world.makeProject();
    const { bob, dan, ada } = world;
    const issue = await bob.client.issues.create.mutate({ projectId, title: 'Crash', assigneeId: dan.id });
    const task = await bob.client.tasks.create.mutate({ projectId, title: 'Fix' });
    const { thread } = await discuss(projectId, ada, 'Since when?', {
      subjectType: 'issue',
      subjectId: issue.id,
    });
    await bob.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'Yesterday' });
    await discuss(projectId, ada, 'How?', { subjectType: 'task', subjectId: task.id });
    expect((await told(projectId, dan)).map(({ type, title }) => [type, title])).toEqual([
      ['issue.assigned', 'Bob assigned issue #1 “Crash” to you'],
      ['thread.created', 'Ada opened a thread on the issue “Crash”'],
      ['comment', 'Bob commented on the issue “Crash”'],
    ]);
    expect((await told(projectId, bob)).map(({ title }) => title)).toEqual([
      'Ada opened a thread on the issue “Crash”',
      'Ada opened a thread on the task “Fix”',
    ]);
  });
});

describe('who watches a project', () => {
  const everything = async (projectId: string) => {
    const { ada, bob } = world;
    const { thread } = await discuss(projectId, ada, 'First', {
      subjectType: 'project',
      subjectId: projectId,
      title: 'Naming',
    });
    await bob.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'Second' });
    await bob.client.issues.create.mutate({ projectId, title: 'Crash' });
    return thread.id;
  };

  test('at level all is told of every new thread, comment and issue of others, each once', async () => {
    const projectId = await world.makeProject();
    const { vic, bob } = world;
    await vic.client.watches.set.mutate({ projectId, level: 'all' });
    await bob.client.watches.set.mutate({ projectId, level: 'all' });
    await everything(projectId);
    await discuss(projectId, world.ada, `@${vic.username} you too`);
    expect((await told(projectId, vic)).map(({ type, title }) => [type, title])).toEqual([
      ['thread.created', 'Ada opened “Naming”'],
      ['comment', 'Bob commented on “Naming”'],
      ['issue.created', 'Bob opened issue #1 “Crash”'],
      ['mention', 'Ada mentioned you'],
    ]);
    expect((await told(projectId, bob)).map(({ type, title }) => [type, title])).toEqual([
      ['thread.created', 'Ada opened “Naming”'],
      ['thread.created', 'Ada opened a thread on the project'],
    ]);
  });

  test('at level all is not told of threads they muted, nor of what was there before they chose', async () => {
    const projectId = await world.makeProject();
    const { vic, bob } = world;
    const early = await everything(projectId);
    await typesTold(projectId, bob);
    await vic.client.watches.set.mutate({ projectId, level: 'all' });
    await vic.client.threads.unsubscribe.mutate({ projectId, threadId: early });
    await bob.client.comments.add.mutate({ projectId, threadId: early, body: 'Third' });
    expect(await typesTold(projectId, vic)).toEqual([]);
  });

  test('at level participating is told as if they had chosen nothing', async () => {
    const projectId = await world.makeProject();
    const { vic, ada, bob, dan } = world;
    await vic.client.watches.set.mutate({ projectId, level: 'participating' });
    await ada.client.watches.set.mutate({ projectId, level: 'participating' });
    await everything(projectId);
    expect(await typesTold(projectId, vic)).toEqual([]);
    expect(await readInbox(projectId, ada, bob)).toMatchObject([{ type: 'comment' }]);
    expect(await typesTold(projectId, dan)).toEqual([]);
  });

  test('at level none is told of mentions of them and nothing else', async () => {
    const projectId = await world.makeProject();
    const { dan, bob } = world;
    const { thread } = await discuss(projectId, dan, 'Mine');
    await dan.client.watches.set.mutate({ projectId, level: 'none' });
    await bob.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'Answer' });
    await bob.client.tasks.create.mutate({ projectId, title: 'Yours', assigneeId: dan.id });
    await bob.client.comments.add.mutate({ projectId, threadId: thread.id, body: `But @${dan.username}!` });
    expect(await typesTold(projectId, dan)).toEqual(['mention']);
    await dan.client.watches.remove.mutate({ projectId });
    await bob.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'Again' });
    expect(await typesTold(projectId, dan)).toEqual(['mention', 'comment']);
  });

  test('without access any more is told nothing', async () => {
    const projectId = await world.makeProject('public');
    const { eve, ada } = world;
    await eve.client.watches.set.mutate({ projectId, level: 'all' });
    await everything(projectId);
    expect(await typesTold(projectId, eve)).toEqual(['thread.created', 'comment', 'issue.created']);
    await ada.client.projects.update.mutate({ projectId, visibility: 'private' });
    await everything(projectId);
    // When this is there, so would be what came before.
    await typesTold(projectId, world.dan);
    await ada.client.projects.update.mutate({ projectId, visibility: 'public' });
    expect(await typesTold(projectId, eve)).toHaveLength(3);
  });

  test('can turn each kind off', async () => {
    const projectId = await world.makeProject();
    const { vic } = world;
    await vic.client.watches.set.mutate({ projectId, level: 'all' });
    await vic.client.notifications.setPreference.mutate({ type: 'thread.created', isEnabled: false });
    await everything(projectId);
    expect(await typesTold(projectId, vic)).toEqual(['comment', 'issue.created']);
    await vic.client.notifications.setPreference.mutate({ type: 'thread.created', isEnabled: true });
  });
});
