import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { translateDatabaseError } from '../../src/database/translateError.ts';
import { failureOf } from '../support/failure.ts';
import {
  type WorkWorld,
  codesOf,
  day,
  eventsOf,
  inDays,
  makeWorkWorld,
  watchProject,
} from '../support/workWorld.ts';
import { untilWaiting } from '../support/untilWaiting.ts';

let world: WorkWorld;
let projectId: string;

beforeAll(async () => {
  world = await makeWorkWorld();
  projectId = await world.makeProject();
});
afterAll(() => world.server.close());

const plan = { title: 'First release', startAt: inDays(0), endAt: inDays(10) };
const make = (input: Partial<typeof plan> = {}) =>
  world.bob.client.milestones.create.mutate({ projectId, ...plan, ...input });
const progressOf = async (milestoneId: string) =>
  (await world.vic.client.milestones.get.query({ projectId, milestoneId })).progress;
const makeTask = (milestoneId: string | null, title = 'A task') =>
  world.bob.client.tasks.create.mutate({ projectId, milestoneId, title, status: 'IN_PROGRESS' });
const complete = (taskId: string) =>
  world.bob.client.tasks.update.mutate({ projectId, taskId, status: 'COMPLETED' });

describe('a milestone', () => {
  test('is made with its dates, read and listed newest first', async () => {
    const first = await make({ title: 'One' });
    const second = await make({ title: 'Two' });
    expect(first).toMatchObject({
      projectId,
      title: 'One',
      description: '',
      status: 'NOT_STARTED',
      progress: 0,
      createdBy: world.bob.id,
      version: 1,
      startAt: plan.startAt,
      endAt: plan.endAt,
    });
    expect(await world.vic.client.milestones.get.query({ projectId, milestoneId: first.id })).toEqual(first);
    const { items } = await world.vic.client.milestones.list.query({ projectId });
    expect(items.slice(0, 2)).toEqual([second, first]);
    const page = await world.vic.client.milestones.list.query({ projectId, limit: 1 });
    const next = await world.vic.client.milestones.list.query({
      projectId,
      limit: 1,
      cursor: page.nextCursor,
    });
    expect([page.items[0]?.id, next.items[0]?.id]).toEqual([second.id, first.id]);
  });

  test('may begin and end at the same moment, but not end before it begins, neither at once nor by a change', async () => {
    const at = inDays(3);
    const { id: milestoneId } = await make({ startAt: at, endAt: at });
    const rule = { code: 'BAD_INPUT', fields: { endAt: 'must not be before startAt' } };
    expect(await failureOf(make({ startAt: at, endAt: new Date(at.getTime() - 1) }))).toMatchObject(rule);
    const update = world.bob.client.milestones.update;
    expect(
      await failureOf(update.mutate({ projectId, milestoneId, startAt: new Date(at.getTime() + 1) })),
    ).toMatchObject(rule);
    const later = new Date(at.getTime() + day);
    expect(await update.mutate({ projectId, milestoneId, startAt: later, endAt: later })).toMatchObject({
      startAt: later,
      endAt: later,
    });
  });

  test('ends after it begins also for the database, whose refusal names the field', async () => {
    const { reads } = world.server.tessera.services;
    const { id } = await make();
    const refused = reads.query(
      `update milestones set end_date = start_date - interval '1 day' where id = $1`,
      [id],
    );
    expect(translateDatabaseError(await refused.catch((error: unknown) => error))).toMatchObject({
      errorCode: 'BAD_INPUT',
      fields: { endAt: 'must not be before startAt' },
    });
  });

  test('names every field of bad input', async () => {
    const failure = await failureOf(
      world.bob.client.milestones.create.mutate({
        projectId,
        title: ' ',
        description: 'x'.repeat(10_001),
        startAt: new Date('1066-10-14'),
        endAt: new Date('4000-01-01'),
        status: 'DONE' as never,
      }),
    );
    expect(failure.code).toBe('BAD_INPUT');
    expect(Object.keys(failure.fields).toSorted()).toEqual([
      'description',
      'endAt',
      'startAt',
      'status',
      'title',
    ]);
  });

  test('goes on only as work goes on, and the refusal says what is allowed', async () => {
    const { id: milestoneId } = await make();
    const move = (status: 'IN_PROGRESS' | 'COMPLETED') =>
      world.bob.client.milestones.update.mutate({ projectId, milestoneId, status });
    expect(await failureOf(move('COMPLETED'))).toMatchObject({
      code: 'STATUS_NOT_ALLOWED',
      message: 'A milestone cannot go from NOT_STARTED to COMPLETED.',
      remedy: 'From NOT_STARTED it can go to: IN_PROGRESS, BLOCKED.',
    });
    await move('IN_PROGRESS');
    expect((await move('COMPLETED')).status).toBe('COMPLETED');
    const { items } = await world.vic.client.milestones.list.query({ projectId, status: 'COMPLETED' });
    expect(items.map((item) => item.id)).toEqual([milestoneId]);
  });

  test('is not overwritten by who has not seen the last change, and they get what is stored', async () => {
    const { id: milestoneId, version } = await make();
    const update = world.bob.client.milestones.update;
    const changed = await update.mutate({ projectId, milestoneId, title: 'Renamed', version });
    expect(changed.version).toBe(version + 1);
    const failure = await failureOf(update.mutate({ projectId, milestoneId, title: 'Lost', version }));
    expect(failure).toMatchObject({
      code: 'VERSION_CLASH',
      details: { sent: version, stored: version + 1, current: changed },
    });
    const again = await update.mutate({ projectId, milestoneId, title: 'Renamed' });
    expect(again.version).toBe(changed.version);
    expect(await eventsOf(world.server, projectId, `milestone:${milestoneId}`)).toEqual([
      'milestone.created',
      'milestone.updated',
    ]);
  });

  test('belongs to its project: another project’s does not exist here', async () => {
    const other = await world.makeProject();
    const { id: milestoneId } = await make();
    const { milestones, tasks } = world.ada.client;
    const codes = await codesOf([
      milestones.get.query({ projectId: other, milestoneId }),
      milestones.update.mutate({ projectId: other, milestoneId, title: 'Mine' }),
      milestones.delete.mutate({ projectId: other, milestoneId }),
      milestones.restore.mutate({ projectId: other, milestoneId }),
      tasks.create.mutate({ projectId: other, milestoneId, title: 'Inside' }),
      tasks.burndown.query({ projectId: other, milestoneId }),
    ]);
    expect(new Set(codes)).toEqual(new Set(['NOT_FOUND']));
    expect((await world.ada.client.milestones.list.query({ projectId: other })).items).toEqual([]);
  });

  test('is made by editors, deleted by developers, read by viewers, and unknown to strangers', async () => {
    const { id: milestoneId } = await make();
    const { vic, bob, eve } = world;
    expect(
      await codesOf([
        vic.client.milestones.create.mutate({ projectId, ...plan }),
        vic.client.milestones.update.mutate({ projectId, milestoneId, title: 'x' }),
        bob.client.milestones.delete.mutate({ projectId, milestoneId }),
        bob.client.milestones.restore.mutate({ projectId, milestoneId }),
      ]),
    ).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    expect(
      await codesOf([
        eve.client.milestones.get.query({ projectId, milestoneId }),
        eve.client.milestones.list.query({ projectId }),
        eve.client.milestones.create.mutate({ projectId, ...plan }),
      ]),
    ).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
    const open = await world.makeProject('public');
    expect((await eve.client.milestones.list.query({ projectId: open })).items).toEqual([]);
    expect((await failureOf(eve.client.milestones.create.mutate({ projectId: open, ...plan }))).code).toBe(
      'FORBIDDEN',
    );
  });

  test('keeps a client-made id, and a retry with its mutationId acts once', async () => {
    const input = { projectId, ...plan, id: randomUUID(), mutationId: randomUUID() };
    const made = await world.bob.client.milestones.create.mutate(input);
    expect(made.id).toBe(input.id);
    expect(await world.bob.client.milestones.create.mutate(input)).toEqual(made);
    expect(
      (await failureOf(world.bob.client.milestones.create.mutate({ projectId, ...plan, id: input.id }))).code,
    ).toBe('ID_TAKEN');
  });

  test('is gone when it is deleted, and comes back as it was, with the progress of its tasks', async () => {
    const { id: milestoneId } = await make();
    const { id: taskId } = await makeTask(milestoneId);
    const { dan, vic } = world;
    await dan.client.milestones.delete.mutate({ projectId, milestoneId });
    expect((await failureOf(vic.client.milestones.get.query({ projectId, milestoneId }))).code).toBe(
      'NOT_FOUND',
    );
    expect((await failureOf(dan.client.milestones.delete.mutate({ projectId, milestoneId }))).code).toBe(
      'NOT_FOUND',
    );
    expect((await failureOf(makeTask(milestoneId))).code).toBe('NOT_FOUND');
    const listed = await vic.client.milestones.list.query({ projectId, limit: 200 });
    expect(listed.items.map((item) => item.id)).not.toContain(milestoneId);
    await complete(taskId);
    expect(await dan.client.milestones.restore.mutate({ projectId, milestoneId })).toMatchObject({
      progress: 100,
    });
    await dan.client.milestones.restore.mutate({ projectId, milestoneId });
    expect(await eventsOf(world.server, projectId, `milestone:${milestoneId}`)).toEqual([
      'milestone.created',
      'milestone.deleted',
      'milestone.restored',
    ]);
  });

  test('leaves its changes in the audit log', async () => {
    const { id: milestoneId } = await make();
    await world.bob.client.milestones.update.mutate({ projectId, milestoneId, title: 'Second release' });
    await world.dan.client.milestones.delete.mutate({ projectId, milestoneId });
    const { items } = await world.ada.client.audit.list.query({
      projectId,
      entityType: 'milestones',
      entityId: milestoneId,
    });
    expect(items).toMatchObject([
      { action: 'delete', actorId: world.dan.id },
      {
        action: 'update',
        actorId: world.bob.id,
        changes: { title: { old: 'First release', new: 'Second release' } },
      },
      { action: 'create', actorId: world.bob.id },
    ]);
  });
});

describe('the progress of a milestone', () => {
  test('is the share of its tasks that are completed, through every change of them', async () => {
    const { dan } = world;
    const [{ id: milestoneId }, { id: elsewhere }] = [await make(), await make({ title: 'Elsewhere' })];
    const [one, two, three] = [
      await makeTask(milestoneId),
      await makeTask(milestoneId),
      await makeTask(milestoneId),
    ];
    const progress = async () => [await progressOf(milestoneId), await progressOf(elsewhere)];
    expect(await progress()).toEqual([0, 0]);
    await complete(one.id);
    expect(await progress()).toEqual([33, 0]);
    await complete(two.id);
    expect(await progress()).toEqual([66, 0]);
    await world.bob.client.tasks.update.mutate({ projectId, taskId: two.id, milestoneId: elsewhere });
    expect(await progress()).toEqual([50, 100]);
    await dan.client.tasks.delete.mutate({ projectId, taskId: three.id });
    expect(await progress()).toEqual([100, 100]);
    await dan.client.tasks.restore.mutate({ projectId, taskId: three.id });
    expect(await progress()).toEqual([50, 100]);
    await world.bob.client.tasks.update.mutate({ projectId, taskId: one.id, status: 'IN_PROGRESS' });
    await world.bob.client.tasks.update.mutate({ projectId, taskId: two.id, milestoneId: null });
    expect(await progress()).toEqual([0, 0]);
  });

  test('is 100 only when all is done', async () => {
    const { id: milestoneId } = await make();
    await world.server.tessera.services.reads.query(
      `insert into tasks (id, project_id, milestone_id, title, status)
       select gen_random_uuid(), $1, $2, 'Many', case when n = 1 then 'IN_PROGRESS' else 'COMPLETED' end::task_status
       from generate_series(1, 300) n`,
      [projectId, milestoneId],
    );
    expect(await progressOf(milestoneId)).toBe(99);
  });

  test('counts every task that many people complete, move and delete at once', async () => {
    const { server, bob, dan } = world;
    const [{ id: milestoneId }, { id: elsewhere }] = [await make(), await make({ title: 'Elsewhere' })];
    const tasks = await Promise.all(Array.from({ length: 24 }, () => makeTask(milestoneId)));
    const hands = Array.from({ length: 6 }, () => server.connect(bob.token));
    await Promise.all(
      tasks.map(({ id: taskId }, index) => {
        const { tasks: of } = hands[index % hands.length]!;
        if (index < 12) return of.update.mutate({ projectId, taskId, status: 'COMPLETED' });
        if (index < 18)
          return of.update.mutate({ projectId, taskId, milestoneId: elsewhere, status: 'COMPLETED' });
        return dan.client.tasks.delete.mutate({ projectId, taskId });
      }),
    );
    expect([await progressOf(milestoneId), await progressOf(elsewhere)]).toEqual([100, 100]);
    const back = await Promise.all(
      tasks
        .slice(6, 18)
        .map(({ id: taskId }, index) =>
          index < 6
            ? hands[index]!.tasks.update.mutate({ projectId, taskId, status: 'IN_PROGRESS' })
            : hands[index - 6]!.tasks.update.mutate({ projectId, taskId, milestoneId }),
        ),
    );
    expect(back).toHaveLength(12);
    expect([await progressOf(milestoneId), await progressOf(elsewhere)]).toEqual([66, 0]);
  });

  test('is right also where nothing but the database keeps two changes apart', async () => {
    const { id: milestoneId } = await make();
    const [one, two] = [await makeTask(milestoneId), await makeTask(milestoneId)];
    const { reads } = world.server.tessera.services;
    const [first, second] = [await reads.connect(), await reads.connect()];
    const finish = `update tasks set status = 'COMPLETED' where id = $1`;
    try {
      await first.query('begin');
      await first.query(finish, [one.id]);
      const waiting = second.query(finish, [two.id]);
      await untilWaiting(world.server);
      await first.query('commit');
      await waiting;
    } finally {
      first.release();
      second.release();
    }
    expect(await progressOf(milestoneId)).toBe(100);
  });

  test('cannot be set by hand, not even in the database', async () => {
    const { id: milestoneId } = await make();
    const { reads } = world.server.tessera.services;
    await reads.query('update milestones set progress = 80 where id = $1', [milestoneId]);
    expect(await progressOf(milestoneId)).toBe(0);
    await world.bob.client.milestones.update.mutate({ projectId, milestoneId, progress: 80 } as never);
    expect(await progressOf(milestoneId)).toBe(0);
  });

  test('is told to who watches, after the change that it follows from, and does not make editors clash', async () => {
    const { id: milestoneId, version } = await make();
    const { id: taskId } = await makeTask(milestoneId);
    const watching = await watchProject(world.vic, projectId);
    await complete(taskId);
    const progressed = await watching.until((frame) => frame.type === 'milestone.progressed');
    watching.stop();
    expect(progressed).toMatchObject({
      subject: `milestone:${milestoneId}`,
      actorId: world.bob.id,
      payload: { id: milestoneId, progress: 100, version },
    });
    expect(watching.received.slice(1).map((frame) => frame.type)).toEqual([
      'task.updated',
      'milestone.progressed',
    ]);
    const changed = await world.bob.client.milestones.update.mutate({
      projectId,
      milestoneId,
      title: 'Done',
      version,
    });
    expect(changed.progress).toBe(100);
  });
});
