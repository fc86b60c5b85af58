import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '../../src/database/transaction.ts';
import { updateTask } from '../../src/domain/tracking/updateTask.ts';
import { failureOf } from '../support/failure.ts';
import { type WorkWorld, eventsOf, inDays, makeWorkWorld, watchProject } from '../support/workWorld.ts';

let world: WorkWorld;
let projectId: string;

beforeAll(async () => {
  world = await makeWorkWorld();
  projectId = await world.makeProject();
});
afterAll(() => world.server.close());

const make = async (title: string, input: object = {}) =>
  (await world.bob.client.tasks.create.mutate({ projectId, title, status: 'IN_PROGRESS', ...input })).id;
const update = (taskId: string, changes: object) =>
  world.bob.client.tasks.update.mutate({ projectId, taskId, ...changes });
const wait = (taskId: string, dependsOn: string, by = world.bob) =>
  by.client.tasks.addDependency.mutate({ projectId, taskId, dependsOn });
const unwait = (taskId: string, dependsOn: string) =>
  world.bob.client.tasks.removeDependency.mutate({ projectId, taskId, dependsOn });
const isBlocked = async (taskId: string) =>
  (await world.vic.client.tasks.get.query({ projectId, taskId })).isBlocked;
const turns = async (taskId: string) =>
  (await eventsOf(world.server, projectId, `task:${taskId}`)).filter((type) => type.endsWith('blocked'));

describe('a dependency', () => {
  test('blocks its task until what it waits for is completed, and both show it', async () => {
    const [build, test_] = [await make('Build'), await make('Test')];
    expect(await wait(test_, build)).toEqual({ projectId, taskId: test_, dependsOn: build });
    await wait(test_, build);
    const { tasks } = world.vic.client;
    expect(await tasks.get.query({ projectId, taskId: test_ })).toMatchObject({
      isBlocked: true,
      dependsOn: [{ id: build, title: 'Build', status: 'IN_PROGRESS' }],
      dependents: [],
    });
    expect(await tasks.get.query({ projectId, taskId: build })).toMatchObject({
      isBlocked: false,
      dependsOn: [],
      dependents: [{ id: test_, title: 'Test' }],
    });
    const listed = (await tasks.list.query({ projectId })).items;
    expect(listed.map((task) => [task.title, task.isBlocked])).toEqual([
      ['Test', true],
      ['Build', false],
    ]);
    await update(build, { status: 'COMPLETED' });
    expect(await isBlocked(test_)).toBe(false);
    await update(build, { status: 'IN_PROGRESS' });
    expect(await isBlocked(test_)).toBe(true);
    expect(await eventsOf(world.server, projectId, `task:${test_}`)).toEqual([
      'task.created',
      'task.dependencyAdded',
      'task.blocked',
      'task.unblocked',
      'task.blocked',
    ]);
  });

  test('that would close a circle is refused, and the circle named by its titles', async () => {
    const [a, b, c] = [await make('Ask'), await make('Build'), await make('Check')];
    await wait(b, a);
    await wait(c, b);
    expect(await failureOf(wait(a, c))).toMatchObject({
      code: 'DEPENDENCY_CYCLE',
      message: 'The tasks would wait for each other in a circle: “Ask” → “Check” → “Build” → “Ask”.',
      details: { taskIds: [a, c, b, a] },
    });
    expect(await failureOf(wait(a, a))).toMatchObject({
      code: 'DEPENDENCY_CYCLE',
      message: 'The tasks would wait for each other in a circle: “Ask” → “Ask”.',
    });
    expect(await isBlocked(a)).toBe(false);
    await wait(c, a);
  });

  test('counts for circles also while a task in between is deleted, because it may come back', async () => {
    const [a, b, c] = [await make('Here'), await make('Deleted'), await make('There')];
    await wait(b, a);
    await wait(c, b);
    await world.dan.client.tasks.delete.mutate({ projectId, taskId: b });
    expect((await failureOf(wait(a, c))).message).toContain('“Here” → “There” → “Deleted” → “Here”');
    expect((await failureOf(wait(a, b))).code).toBe('NOT_FOUND');
    expect((await failureOf(wait(b, c))).code).toBe('NOT_FOUND');
    expect(await isBlocked(c)).toBe(false);
  });

  test('through many diamonds is checked at once, not on every way', async () => {
    const { reads } = world.server.tessera.services;
    const layers = 40;
    const { rows } = await reads.query<{ id: string }>(
      `insert into tasks (id, project_id, title)
       select gen_random_uuid(), $1, 'Layer ' || n from generate_series(1, $2::int) n cross join generate_series(1, 2) side
       returning id`,
      [projectId, layers],
    );
    await reads.query(
      `insert into task_dependencies (id, project_id, task_id, depends_on)
       select gen_random_uuid(), $1, later.id, earlier.id from tasks later
       join tasks earlier on earlier.project_id = later.project_id
         and substring(earlier.title from 7)::int = substring(later.title from 7)::int - 1
       where later.id = any($2::uuid[]) and earlier.id = any($2::uuid[])`,
      [projectId, rows.map((row) => row.id)],
    );
    const failure = await failureOf(wait(rows[0]!.id, rows.at(-1)!.id));
    expect(failure.message).toContain('“Layer 1” → “Layer 40” → “Layer 39” → ');
    expect(failure.message).toContain('… →');
    expect(failure.details['taskIds']).toHaveLength(layers + 1);
  });

  test('of two that would close a circle together, added at once, one is refused', async () => {
    const { server, bob, dan } = world;
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await make('Hen'), await make('Egg')];
      const hands = [
        { ...bob, client: server.connect(bob.token) },
        { ...dan, client: server.connect(dan.token) },
      ];
      const results = await Promise.allSettled([wait(a, b, hands[0]), wait(b, a, hands[1])]);
      expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await isBlocked(a)).toBe(!(await isBlocked(b)));
    }
  });

  test('added twice at once is one', async () => {
    const { server, bob } = world;
    const [a, b] = [await make('One'), await make('Two')];
    await Promise.all(
      Array.from({ length: 4 }, () => wait(a, b, { ...bob, client: server.connect(bob.token) })),
    );
    expect(await eventsOf(server, projectId, `task:${a}`)).toEqual([
      'task.created',
      'task.dependencyAdded',
      'task.blocked',
    ]);
  });

  test('is in the audit log, added and removed', async () => {
    const [a, b] = [await make('Audit'), await make('Log')];
    await wait(a, b);
    await unwait(a, b);
    const { items } = await world.ada.client.audit.list.query({
      projectId,
      entityType: 'task_dependencies',
      limit: 2,
    });
    expect(items).toMatchObject([
      { action: 'delete', actorId: world.bob.id },
      { action: 'create', changes: { taskId: { new: a }, dependsOn: { new: b } } },
    ]);
  });
});

describe('that a task is no longer blocked', () => {
  test('is said once, when the last of what it waits for is completed', async () => {
    const [a, b, c] = [await make('First'), await make('Second'), await make('Last')];
    await wait(c, a);
    await wait(c, b);
    const watching = await watchProject(world.vic, projectId);
    await update(a, { status: 'COMPLETED' });
    await update(b, { status: 'COMPLETED' });
    const told = await watching.until((frame) => frame.type === 'task.unblocked');
    watching.stop();
    expect(told).toMatchObject({ subject: `task:${c}`, payload: { id: c, title: 'Last', isBlocked: false } });
    expect(await turns(c)).toEqual(['task.blocked', 'task.unblocked']);
  });

  test('is said once, also when the last two are completed at once', async () => {
    const { server, bob } = world;
    const hands = [server.connect(bob.token), server.connect(bob.token)];
    for (let round = 0; round < 5; round += 1) {
      const [a, b, c] = [await make('Left'), await make('Right'), await make('Both')];
      await wait(c, a);
      await wait(c, b);
      await Promise.all(
        [a, b].map((taskId, index) =>
          hands[index]!.tasks.update.mutate({ projectId, taskId, status: 'COMPLETED' }),
        ),
      );
      expect(await turns(c)).toEqual(['task.blocked', 'task.unblocked']);
    }
  });

  test('is said once, also when what it waits for is deleted or the dependency removed', async () => {
    const [a, b, c] = [await make('To delete'), await make('To remove'), await make('Waiting')];
    await wait(c, a);
    await wait(c, b);
    await unwait(c, b);
    await unwait(c, b);
    expect(await turns(c)).toEqual(['task.blocked']);
    await world.dan.client.tasks.delete.mutate({ projectId, taskId: a });
    expect(await turns(c)).toEqual(['task.blocked', 'task.unblocked']);
    await world.dan.client.tasks.restore.mutate({ projectId, taskId: a });
    await unwait(c, a);
    expect(await turns(c)).toEqual(['task.blocked', 'task.unblocked', 'task.blocked', 'task.unblocked']);
  });

  test('is not said of a task that is completed already', async () => {
    const [a, b] = [await make('Late'), await make('Done anyway')];
    await wait(b, a);
    await update(b, { status: 'COMPLETED' });
    await update(a, { status: 'COMPLETED' });
    expect(await turns(b)).toEqual(['task.blocked']);
  });

  test('and every later word of the task agrees, also of who changes it meanwhile', async () => {
    const { orm, reads } = world.server.tessera.services;
    const [a, b] = [await make('Blocker'), await make('Busy')];
    await wait(b, a);
    let isCompleted = false;
    const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    const completing = await transact(orm, { actorId: world.dan.id, via: 'session' }, async (em) => {
      const changes = { title: 'Busy still' };
      await updateTask(em, { projectId, taskId: b, changes, checkAssignee: () => {} });
      const call = update(a, { status: 'COMPLETED' }).finally(() => (isCompleted = true));
      await expect.poll(async () => isCompleted || (await reads.query(waits)).rowCount === 1).toBe(true);
      return { call };
    });
    await completing.call;
    const { rows } = await reads.query<{ type: string; isBlocked: boolean }>(
      `select type, (payload -> 'isBlocked')::boolean as "isBlocked" from events
       where stream = $1 and subject = $2 and payload ? 'isBlocked' order by seq desc limit 2`,
      [`project:${projectId}`, `task:${b}`],
    );
    expect(rows).toEqual([
      { type: 'task.unblocked', isBlocked: false },
      { type: 'task.updated', isBlocked: true },
    ]);
  });
});

describe('the critical path', () => {
  test('is the chain of open tasks that takes longest, by the days they were given', async () => {
    const here = await world.makeProject();
    const { tasks, milestones } = world.bob.client;
    const add = async (title: string, days: number | null, input: object = {}) =>
      (
        await tasks.create.mutate({
          projectId: here,
          title,
          dueAt: days === null ? null : inDays(days),
          ...input,
        })
      ).id;
    const join = (taskId: string, dependsOn: string) =>
      tasks.addDependency.mutate({ projectId: here, taskId, dependsOn });
    expect(await tasks.criticalPath.query({ projectId: here })).toEqual({ days: 0, tasks: [] });
    const alone = await add('Alone', 6);
    const titles = async (of: object = {}) => {
      const path = await tasks.criticalPath.query({ projectId: here, ...of });
      return [path.days, ...path.tasks.map((task) => task.title)];
    };
    expect(await titles()).toEqual([6, 'Alone']);
    const [plan, build, paint] = [await add('Plan', 3), await add('Build', 5), await add('Paint', null)];
    await join(build, plan);
    await join(paint, build);
    const short = await add('Short', 1);
    await join(paint, short);
    expect(await titles()).toEqual([9, 'Plan', 'Build', 'Paint']);
    const path = await tasks.criticalPath.query({ projectId: here });
    expect(path.tasks[1]).toMatchObject({ id: build, days: 5, status: 'NOT_STARTED', assignee: null });
    await tasks.update.mutate({ projectId: here, taskId: plan, status: 'IN_PROGRESS' });
    await tasks.update.mutate({ projectId: here, taskId: plan, status: 'COMPLETED' });
    expect(await titles()).toEqual([6, 'Alone']);
    await world.dan.client.tasks.delete.mutate({ projectId: here, taskId: alone });
    expect(await titles()).toEqual([6, 'Build', 'Paint']);
    const { id: milestoneId } = await milestones.create.mutate({
      projectId: here,
      title: 'M',
      startAt: inDays(0),
      endAt: inDays(9),
    });
    await tasks.update.mutate({ projectId: here, taskId: paint, milestoneId });
    expect(await titles({ milestoneId })).toEqual([1, 'Paint']);
    const nowhere = world.vic.client.tasks.criticalPath.query({ projectId, milestoneId });
    expect((await failureOf(nowhere)).code).toBe('NOT_FOUND');
    await tasks.update.mutate({ projectId: here, taskId: paint, milestoneId: null });
    expect(await titles({ milestoneId })).toEqual([0]);
  });
});
