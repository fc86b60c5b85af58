import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { setTaskBack } from '../support/setTaskBack.ts';
import { type WorkWorld, inDays, makeWorkWorld } from '../support/workWorld.ts';

let world: WorkWorld;
let projectId: string;

beforeAll(async () => {
  world = await makeWorkWorld();
  projectId = await world.makeProject();
});
afterAll(() => world.server.close());

const milestone = async (startDays: number, endDays: number) =>
  (
    await world.bob.client.milestones.create.mutate({
      projectId,
      title: 'M',
      startAt: inDays(startDays),
      endAt: inDays(endDays),
    })
  ).id;
const make = async (milestoneId: string | null) =>
  (await world.bob.client.tasks.create.mutate({ projectId, title: 'T', status: 'IN_PROGRESS', milestoneId }))
    .id;
const update = (taskId: string, changes: object) =>
  world.bob.client.tasks.update.mutate({ projectId, taskId, ...changes });
const burndown = (milestoneId: string) => world.vic.client.tasks.burndown.query({ projectId, milestoneId });
const dayOf = (days: number) => inDays(days).toISOString().slice(0, 10);

const setBack = (taskId: string, days: number) =>
  setTaskBack(world.server.tessera.services.reads, taskId, days);
const daysAgo = async (days: number, taskId: string, change: () => Promise<unknown>) => {
  await change();
  await setBack(taskId, days);
};

test('a burndown tells the end of each day, and the past stays as it was when tasks move, go and come back', async () => {
  const [here, elsewhere] = [await milestone(-4, 4), await milestone(-4, 4)];
  const [one, two, three] = [await make(here), await make(here), await make(null)];
  for (const taskId of [one, two, three]) await setBack(taskId, 6);
  await daysAgo(3, one, () => update(one, { status: 'COMPLETED' }));
  await daysAgo(3, three, () => update(three, { milestoneId: here }));
  await daysAgo(2, two, () => update(two, { milestoneId: elsewhere }));
  await daysAgo(1, three, () => world.dan.client.tasks.delete.mutate({ projectId, taskId: three }));
  await update(one, { status: 'IN_PROGRESS' });
  await world.dan.client.tasks.restore.mutate({ projectId, taskId: three });
  expect(await burndown(here)).toEqual([
    { day: dayOf(-4), total: 2, done: 0, remaining: 2 },
    { day: dayOf(-3), total: 3, done: 1, remaining: 2 },
    { day: dayOf(-2), total: 2, done: 1, remaining: 1 },
    { day: dayOf(-1), total: 1, done: 1, remaining: 0 },
    { day: dayOf(0), total: 2, done: 0, remaining: 2 },
  ]);
  const there = await burndown(elsewhere);
  expect(there.map(({ total, done }) => [total, done])).toEqual([
    [0, 0],
    [0, 0],
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
});

test('it goes on past the end for as long as something changes, and shows no future', async () => {
  const overdue = await milestone(-6, -4);
  expect((await burndown(overdue)).map(({ day }) => day)).toEqual([dayOf(-6), dayOf(-5), dayOf(-4)]);
  const taskId = await make(overdue);
  await setBack(taskId, 5);
  await daysAgo(2, taskId, () => update(taskId, { status: 'COMPLETED' }));
  expect((await burndown(overdue)).map(({ day, remaining }) => [day, remaining])).toEqual([
    [dayOf(-6), 0],
    [dayOf(-5), 1],
    [dayOf(-4), 1],
    [dayOf(-3), 1],
    [dayOf(-2), 0],
  ]);
  expect(await burndown(await milestone(1, 5))).toEqual([]);
});

test('of a milestone that lasts for ages the last thousand days are shown, with all that came before', async () => {
  const long = await milestone(-40_000, 40_000);
  await setBack(await make(long), 5000);
  const days = await burndown(long);
  expect(days).toHaveLength(1000);
  expect([days[0], days.at(-1)]).toMatchObject([{ total: 1 }, { day: dayOf(0), total: 1, remaining: 1 }]);
});

test('what a task was can be neither changed nor deleted, but goes with its whole project', async () => {
  const taskId = await make(await milestone(0, 1));
  const { reads } = world.server.tessera.services;
  for (const statement of [
    `update task_events set status = 'COMPLETED' where task_id = '${taskId}'`,
    `delete from task_events where task_id = '${taskId}'`,
    'truncate task_events',
  ])
    await expect(reads.query(statement)).rejects.toThrow('its rows are kept as they are');
  const count = async () =>
    (await reads.query('select from task_events where task_id = $1', [taskId])).rowCount;
  await reads.query('delete from tasks where id = $1', [taskId]);
  expect(await count()).toBe(1);
  const gone = await world.makeProject();
  await world.bob.client.tasks.create.mutate({ projectId: gone, title: 'T' });
  await reads.query('delete from projects where id = $1', [gone]);
  expect((await reads.query('select from task_events where project_id = $1', [gone])).rowCount).toBe(0);
});

test('a milestone that is deleted, or another project’s, has no burndown here', async () => {
  const milestoneId = await milestone(0, 1);
  await world.dan.client.milestones.delete.mutate({ projectId, milestoneId });
  expect((await failureOf(burndown(milestoneId))).code).toBe('NOT_FOUND');
});
