import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type WorkWorld, codesOf, eventsOf, inDays, makeWorkWorld } from '../support/workWorld.ts';

let world: WorkWorld;
let projectId: string;

beforeAll(async () => {
  world = await makeWorkWorld();
  projectId = await world.makeProject();
});
afterAll(() => world.server.close());

type NewTask = Parameters<WorkWorld['bob']['client']['tasks']['create']['mutate']>[0];
const make = (title: string, input: Partial<NewTask> = {}) =>
  world.bob.client.tasks.create.mutate({ projectId, title, ...input });
const update = (taskId: string, changes: object) =>
  world.bob.client.tasks.update.mutate({ projectId, taskId, ...changes });
const get = (taskId: string) => world.vic.client.tasks.get.query({ projectId, taskId });

describe('a task', () => {
  test('is made with what is given and sensible rest, and read with its neighbours', async () => {
    const dueAt = inDays(2);
    const task = await make('Write it', {
      assigneeId: world.dan.id,
      priority: 'HIGH',
      dueAt,
      description: 'All of *it*',
    });
    expect(task).toMatchObject({
      projectId,
      title: 'Write it',
      description: 'All of *it*',
      status: 'NOT_STARTED',
      isBlocked: false,
      priority: 'HIGH',
      assignee: { id: world.dan.id, name: 'Dan' },
      milestoneId: null,
      createdBy: world.bob.id,
      dueAt,
      version: 1,
    });
    expect(await get(task.id)).toEqual({ ...task, dependsOn: [], dependents: [] });
    expect(await make('Plain')).toMatchObject({
      priority: 'MEDIUM',
      assignee: null,
      dueAt: null,
      description: '',
    });
  });

  test('is found by milestone, assignee, status and due date, alone and together', async () => {
    const { id: milestoneId } = await world.bob.client.milestones.create.mutate({
      projectId,
      title: 'M',
      startAt: inDays(0),
      endAt: inDays(1),
    });
    const mine = { milestoneId, assigneeId: world.bob.id };
    const one = await make('one', { ...mine, dueAt: inDays(1) });
    const two = await make('two', { milestoneId, dueAt: inDays(5) });
    const three = await make('three', { ...mine, status: 'BLOCKED' });
    const find = async (filter: object) =>
      (await world.vic.client.tasks.list.query({ projectId, milestoneId, ...filter })).items.map(
        (task) => task.id,
      );
    expect(await find({})).toEqual([three.id, two.id, one.id]);
    expect(await find({ assigneeId: world.bob.id })).toEqual([three.id, one.id]);
    expect(await find({ status: 'BLOCKED' })).toEqual([three.id]);
    expect(await find({ dueBefore: inDays(6) })).toEqual([two.id, one.id]);
    expect(await find({ dueBefore: inDays(6), assigneeId: world.bob.id, status: 'NOT_STARTED' })).toEqual([
      one.id,
    ]);
    expect(await find({ assigneeId: randomUUID() })).toEqual([]);
  });

  test('pages follow one another without a gap', async () => {
    const here = await world.makeProject();
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1)
      made.push((await world.bob.client.tasks.create.mutate({ projectId: here, title: `Page ${index}` })).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { id: string }[]; nextCursor: string | null } =
        await world.vic.client.tasks.list.query({ projectId: here, cursor, limit: 3 });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(made.toReversed());
    expect(
      (await failureOf(world.vic.client.tasks.list.query({ projectId: here, cursor: 'no cursor' }))).code,
    ).toBe('CURSOR_INVALID');
  });

  test.each([
    ['NOT_STARTED', 'COMPLETED', 'IN_PROGRESS, BLOCKED'],
    ['BLOCKED', 'COMPLETED', 'NOT_STARTED, IN_PROGRESS'],
    ['COMPLETED', 'NOT_STARTED', 'IN_PROGRESS'],
    ['COMPLETED', 'BLOCKED', 'IN_PROGRESS'],
  ] as const)('does not go from %s to %s', async (from, to, allowed) => {
    const { id } = await make('Move', { status: from });
    expect(await failureOf(update(id, { status: to }))).toMatchObject({
      code: 'STATUS_NOT_ALLOWED',
      message: `A task cannot go from ${from} to ${to}.`,
      remedy: `From ${from} it can go to: ${allowed}.`,
    });
    expect((await get(id)).status).toBe(from);
  });

  test('goes every allowed way', async () => {
    const { id } = await make('Way');
    for (const status of [
      'BLOCKED',
      'NOT_STARTED',
      'IN_PROGRESS',
      'BLOCKED',
      'IN_PROGRESS',
      'NOT_STARTED',
      'IN_PROGRESS',
      'COMPLETED',
      'COMPLETED',
      'IN_PROGRESS',
    ])
      expect((await update(id, { status })).status).toBe(status);
  });

  test('is given only to who can see it, a person; taking it from someone who left is no matter', async () => {
    const refused = { code: 'ASSIGNEE_CANNOT_SEE' };
    const task = await make('Who', { assigneeId: world.vic.id });
    for (const assigneeId of [world.eve.id, randomUUID()]) {
      expect(await failureOf(make('No', { assigneeId }))).toMatchObject(refused);
      expect(await failureOf(update(task.id, { assigneeId, title: 'Lost' }))).toMatchObject(refused);
    }
    expect((await get(task.id)).title).toBe('Who');
    const leaver = await world.server.person('Leaver');
    await world.ada.client.members.add.mutate({ projectId, actorId: leaver.id, role: 'editor' });
    await update(task.id, { assigneeId: leaver.id });
    await world.ada.client.members.remove.mutate({ projectId, actorId: leaver.id });
    expect(await update(task.id, { title: 'Renamed', assigneeId: leaver.id })).toMatchObject({
      title: 'Renamed',
      assignee: { id: leaver.id },
    });
    expect((await update(task.id, { assigneeId: null })).assignee).toBeNull();
    const open = await world.makeProject('public');
    const seen = await world.bob.client.tasks.create.mutate({
      projectId: open,
      title: 'Open',
      assigneeId: world.eve.id,
    });
    expect(seen.assignee?.id).toBe(world.eve.id);
  });

  test('is not overwritten by who has not seen the last change; two at once cannot both win', async () => {
    const { id, version } = await make('Draft');
    const results = await Promise.allSettled([
      world.bob.client.tasks.update.mutate({ projectId, taskId: id, title: 'Bob’s', version }),
      world.dan.client.tasks.update.mutate({ projectId, taskId: id, title: 'Dan’s', version }),
    ]);
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const stored = await world.vic.client.tasks.get.query({ projectId, taskId: id });
    const { dependsOn: _, dependents: __, ...current } = stored;
    expect(await failureOf(update(id, { title: 'Late', version }))).toMatchObject({
      code: 'VERSION_CLASH',
      details: { sent: version, stored: version + 1, current },
    });
  });

  test('names every field of bad input', async () => {
    const failure = await failureOf(
      make('', {
        milestoneId: 'x',
        status: 'DONE' as never,
        priority: 'URGENT' as never,
        dueAt: new Date('0001-01-01'),
        description: '\0',
      }),
    );
    expect(Object.keys(failure.fields).toSorted()).toEqual([
      'description',
      'dueAt',
      'milestoneId',
      'priority',
      'status',
      'title',
    ]);
  });

  test('belongs to its project: another project’s does not exist here', async () => {
    const other = await world.makeProject();
    const [task, here] = [
      await make('There'),
      await world.bob.client.tasks.create.mutate({ projectId: other, title: 'Here' }),
    ];
    const { tasks } = world.ada.client;
    const at = { projectId: other, taskId: task.id };
    const codes = await codesOf([
      tasks.get.query(at),
      tasks.update.mutate({ ...at, title: 'Mine' }),
      tasks.delete.mutate(at),
      tasks.restore.mutate(at),
      tasks.addDependency.mutate({ ...at, dependsOn: here.id }),
      tasks.addDependency.mutate({ projectId: other, taskId: here.id, dependsOn: task.id }),
      tasks.removeDependency.mutate({ ...at, dependsOn: here.id }),
    ]);
    expect(new Set(codes)).toEqual(new Set(['NOT_FOUND']));
  });

  test('is changed by editors, deleted by developers, read by viewers, and unknown to strangers', async () => {
    const [{ id: taskId }, { id: dependsOn }] = [await make('One'), await make('Two')];
    const { vic, bob, eve } = world;
    const at = { projectId, taskId };
    const forbidden = await codesOf([
      vic.client.tasks.create.mutate({ projectId, title: 'x' }),
      vic.client.tasks.update.mutate({ ...at, title: 'x' }),
      vic.client.tasks.addDependency.mutate({ ...at, dependsOn }),
      vic.client.tasks.removeDependency.mutate({ ...at, dependsOn }),
      bob.client.tasks.delete.mutate(at),
      bob.client.tasks.restore.mutate(at),
    ]);
    expect(new Set(forbidden)).toEqual(new Set(['FORBIDDEN']));
    const unknown = await codesOf([
      eve.client.tasks.get.query(at),
      eve.client.tasks.list.query({ projectId }),
      eve.client.tasks.criticalPath.query({ projectId }),
      eve.client.tasks.update.mutate({ ...at, title: 'x' }),
    ]);
    expect(new Set(unknown)).toEqual(new Set(['NOT_FOUND']));
  });

  test('is gone when it is deleted, and comes back as it was', async () => {
    const task = await make('Phoenix', { assigneeId: world.bob.id });
    const at = { projectId, taskId: task.id };
    await world.dan.client.tasks.delete.mutate(at);
    expect((await failureOf(get(task.id))).code).toBe('NOT_FOUND');
    expect((await failureOf(update(task.id, { title: 'x' }))).code).toBe('NOT_FOUND');
    expect(
      (await world.vic.client.tasks.list.query({ projectId, limit: 200 })).items.map((item) => item.id),
    ).not.toContain(task.id);
    expect((await world.dan.client.tasks.restore.mutate(at)).title).toBe('Phoenix');
    await world.dan.client.tasks.restore.mutate(at);
    expect(await get(task.id)).toMatchObject({ title: 'Phoenix', assignee: { id: world.bob.id } });
    expect(await eventsOf(world.server, projectId, `task:${task.id}`)).toEqual([
      'task.created',
      'task.deleted',
      'task.restored',
    ]);
  });

  test('says in the log what happened, once, and nothing when nothing changed', async () => {
    const task = await make('Quiet', { dueAt: inDays(1) });
    await update(task.id, { title: 'Quiet', dueAt: task.dueAt, status: 'NOT_STARTED', assigneeId: null });
    await update(task.id, { assigneeId: world.dan.id, title: 'Loud' });
    await update(task.id, { assigneeId: null });
    expect((await get(task.id)).version).toBe(3);
    expect(await eventsOf(world.server, projectId, `task:${task.id}`)).toEqual([
      'task.created',
      'task.updated',
      'task.assigned',
      'task.updated',
    ]);
    const { items } = await world.ada.client.audit.list.query({
      projectId,
      entityType: 'tasks',
      entityId: task.id,
    });
    expect(items).toMatchObject([
      { changes: { assigneeId: { old: world.dan.id, new: null } } },
      { changes: { title: { old: 'Quiet', new: 'Loud' }, assigneeId: { old: null, new: world.dan.id } } },
      { action: 'create' },
    ]);
  });

  test('keeps a client-made id, and a retry with its mutationId acts once', async () => {
    const input = { projectId, title: 'Own id', id: randomUUID(), mutationId: randomUUID() };
    const made = await world.bob.client.tasks.create.mutate(input);
    expect(await world.bob.client.tasks.create.mutate(input)).toEqual(made);
    expect((await failureOf(make('Same id', { id: input.id }))).code).toBe('ID_TAKEN');
  });

  test('can be discussed, as milestones and issues can', async () => {
    const task = await make('Talk');
    const { thread } = await world.bob.client.threads.create.mutate({
      projectId,
      subjectType: 'task',
      subjectId: task.id,
      body: 'How?',
    });
    const found = await world.vic.client.threads.list.query({
      projectId,
      subjectType: 'task',
      subjectId: task.id,
    });
    expect(found.items.map((item) => item.id)).toEqual([thread.id]);
    await world.dan.client.tasks.delete.mutate({ projectId, taskId: task.id });
    const again = world.bob.client.threads.create.mutate({
      projectId,
      subjectType: 'task',
      subjectId: task.id,
      body: 'And now?',
    });
    expect((await failureOf(again)).code).toBe('NOT_FOUND');
  });
});
