import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { purgeDeleted } from '../../src/domain/retention/purgeDeleted.ts';
import { purgePlans } from '../../src/domain/retention/purgePlans.ts';
import { failureOf } from '../support/failure.ts';
import { type PatternWorld, makePatternWorld } from '../support/patternWorld.ts';

let world: PatternWorld;

beforeAll(async () => {
  // Without a worker: what is purged when, the tests say.
  world = await makePatternWorld({ services: new Set(['api', 'realtime']) });
});
afterAll(() => world.server.close());

const sql = async <Row extends object>(text: string, values: unknown[] = []) =>
  (await world.server.tessera.services.reads.query<Row>(text, values)).rows;
const purge = (days = 30) => purgeDeleted(world.server.tessera.services.orm, days);
/** Says that a row was deleted 31 days ago. */
const age = (table: string, id: string) =>
  sql(`update ${table} set deleted_at = now() - interval '31 days' where id = $1`, [id]);
const exists = async (table: string, id: string) =>
  (await sql(`select from ${table} where id = $1`, [id])).length > 0;

describe('the list of what is purged', () => {
  test('has every table whose rows are deleted softly', async () => {
    const rows = await sql<{ name: string }>(
      `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'deleted_at'`,
    );
    expect(purgePlans.map(({ table }) => table).toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });

  test('has those first that refer to others', async () => {
    const order = purgePlans.map(({ table }) => table);
    const rows = await sql<{ child: string; parent: string }>(
      `select conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint
      where contype = 'f' and conrelid <> confrelid`,
    );
    const wrong = rows.filter(
      ({ child, parent }) =>
        order.includes(child) && order.includes(parent) && order.indexOf(child) > order.indexOf(parent),
    );
    expect(wrong).toEqual([]);
  });
});

interface Restorable {
  table: string;
  make(projectId: string): Promise<string>;
  delete(projectId: string, id: string): Promise<unknown>;
  restore(projectId: string, id: string): Promise<unknown>;
}

const client = () => world.ada.client;
const restorables: Restorable[] = [
  {
    table: 'fields',
    make: async (projectId) => (await world.makeField(projectId, 'F')).id,
    delete: (projectId, fieldId) => client().fields.delete.mutate({ projectId, fieldId }),
    restore: (projectId, fieldId) => client().fields.restore.mutate({ projectId, fieldId }),
  },
  {
    table: 'milestones',
    make: async (projectId) =>
      (
        await client().milestones.create.mutate({
          projectId,
          title: 'M',
          startAt: new Date(),
          endAt: new Date(),
        })
      ).id,
    delete: (projectId, milestoneId) => client().milestones.delete.mutate({ projectId, milestoneId }),
    restore: (projectId, milestoneId) => client().milestones.restore.mutate({ projectId, milestoneId }),
  },
  {
    table: 'tasks',
    make: async (projectId) => (await client().tasks.create.mutate({ projectId, title: 'T' })).id,
    delete: (projectId, taskId) => client().tasks.delete.mutate({ projectId, taskId }),
    restore: (projectId, taskId) => client().tasks.restore.mutate({ projectId, taskId }),
  },
  {
    table: 'issues',
    make: async (projectId) => (await client().issues.create.mutate({ projectId, title: 'I' })).id,
    delete: (projectId, issueId) => client().issues.delete.mutate({ projectId, issueId }),
    restore: (projectId, issueId) => client().issues.restore.mutate({ projectId, issueId }),
  },
  {
    table: 'comment_threads',
    make: async (projectId) =>
      (
        await client().threads.create.mutate({
          projectId,
          body: 'B',
          subjectType: 'project',
          subjectId: projectId,
        })
      ).thread.id,
    delete: (projectId, threadId) => client().threads.delete.mutate({ projectId, threadId }),
    restore: (projectId, threadId) => client().threads.restore.mutate({ projectId, threadId }),
  },
  {
    table: 'projects',
    make: (projectId) => Promise.resolve(projectId),
    delete: (projectId) => client().projects.delete.mutate({ projectId }),
    restore: (projectId) => client().projects.restore.mutate({ projectId }),
  },
];

describe('a row that was deleted', () => {
  test.each(restorables)('of $table is restored within its time, and gone after it', async (kind) => {
    const projectId = await world.makeProject();
    const id = await kind.make(projectId);
    await kind.delete(projectId, id);
    await sql(`update ${kind.table} set deleted_at = now() - interval '29 days' where id = $1`, [id]);
    await purge();
    await kind.restore(projectId, id);
    await kind.delete(projectId, id);
    await age(kind.table, id);
    expect(await purge()).toEqual({ [kind.table]: 1 });
    expect(await exists(kind.table, id)).toBe(false);
    expect(await failureOf(kind.restore(projectId, id))).toMatchObject({ code: 'NOT_FOUND' });
    const records = await sql<{ action: string; changes: object }>(
      `select action, changes from audit_logs where entity_type = $1 and entity_id = $2 and action = 'purge'`,
      [kind.table, id],
    );
    expect(records).toMatchObject([{ changes: { count: { new: 1 }, ids: { new: [id] } } }]);
  });

  test('takes along what was said of it, and only that', async () => {
    const projectId = await world.makeProject();
    const [gone, kept] = [await world.makeField(projectId, 'Gone'), await world.makeField(projectId, 'Kept')];
    const say = async (subjectId: string) =>
      (
        await client().threads.create.mutate({
          projectId,
          body: 'Said',
          subjectType: 'field',
          subjectId,
        })
      ).thread.id;
    const [lost, left] = [await say(gone.id), await say(kept.id)];
    await client().fields.delete.mutate({ projectId, fieldId: gone.id });
    await age('fields', gone.id);
    await purge();
    expect(await exists('comment_threads', lost)).toBe(false);
    expect(await exists('comment_threads', left)).toBe(true);
    expect(await exists('fields', kept.id)).toBe(true);
  });

  test('is kept while something that can be restored is made of it', async () => {
    const projectId = await world.makeProject();
    const field = await world.makeField(projectId, 'Part');
    const model = await client().models.create.mutate({ projectId, name: 'Whole' });
    await client().models.setFields.mutate({
      projectId,
      modelId: model.id,
      version: model.version,
      fields: [{ fieldId: field.id, cardinality: '1', required: true }],
    });
    await client().models.delete.mutate({ projectId, modelId: model.id });
    await client().fields.delete.mutate({ projectId, fieldId: field.id });
    await age('fields', field.id);
    expect(await purge()).toEqual({});
    await age('models', model.id);
    expect(await purge()).toEqual({ models: 1, fields: 1 });
  });

  test('goes with the whole tree that it stands in', async () => {
    const projectId = await world.makeProject();
    const ids: string[] = [];
    for (const name of ['Root', 'Branch', 'Leaf']) {
      const parentId = ids.at(-1);
      const made = await client().categories.create.mutate({
        projectId,
        name,
        ...(parentId ? { parentId } : {}),
      });
      ids.push(made.id);
    }
    for (const categoryId of ids.toReversed())
      await client().categories.delete.mutate({ projectId, categoryId });
    for (const id of ids) await age('categories', id);
    expect(await purge()).toEqual({ categories: 3 });
  });

  test('is left alone while somebody restores it', async () => {
    const projectId = await world.makeProject();
    const { id } = await world.makeField(projectId, 'Held');
    await client().fields.delete.mutate({ projectId, fieldId: id });
    await age('fields', id);
    const holder = await world.server.tessera.services.reads.connect();
    try {
      await holder.query('begin');
      await holder.query('update fields set deleted_at = null where id = $1', [id]);
      expect(await purge()).toEqual({});
      await holder.query('commit');
    } finally {
      holder.release();
    }
    expect(await purge()).toEqual({});
    expect(await exists('fields', id)).toBe(true);
  });

  test('of a project takes its events and its members’ roles with it, and waits for its jobs', async () => {
    const projectId = await world.makeProject();
    await sql(
      `insert into jobs (id, job_type, project_id, status) values (gen_random_uuid(), 'x', $1, 'running')`,
      [projectId],
    );
    await client().projects.delete.mutate({ projectId });
    await age('projects', projectId);
    expect(await purge()).toEqual({});
    await sql(`update jobs set status = 'completed' where project_id = $1`, [projectId]);
    expect(await purge()).toEqual({ projects: 1 });
    expect(await sql('select from events where stream = $1', [`project:${projectId}`])).toEqual([]);
    expect(await sql('select from casbin_rules where v2 = $1', [`project:${projectId}`])).toEqual([]);
    expect((await sql('select from audit_logs where project_id = $1', [projectId])).length).toBeGreaterThan(
      0,
    );
  });
});

test('a deleted organization is erased from the log; while money was paid its empty row stays', async () => {
  const make = async (username: string) =>
    (await client().organizations.create.mutate({ name: `Secret ${username}`, username })).id;
  const [free, paid] = [await make('freesociety'), await make('paidsociety')];
  await sql(
    `insert into credits_history (id, user_id, delta, reason, balance_after, idempotency_key) values (gen_random_uuid(), $1, 1, 'gift', 1, 'x')`,
    [paid],
  );
  for (const organizationId of [free, paid]) {
    await client().organizations.delete.mutate({ organizationId });
    await age('actors', organizationId);
  }
  expect(await purge()).toEqual({ actors: 1 });
  expect(await exists('actors', free)).toBe(false);
  expect(await sql('select name, username, email from actors where id = $1', [paid])).toEqual([
    { name: 'Deleted account', username: `deleted-${paid}`, email: null },
  ]);
  for (const organizationId of [free, paid])
    expect(await failureOf(client().organizations.restore.mutate({ organizationId }))).toMatchObject({
      code: 'NOT_FOUND',
    });
  const log = await sql<{ text: string }>('select audit_logs::text as text from audit_logs');
  expect(log.map(({ text }) => text).join('\n')).not.toMatch(/Secret (free|paid)society/);
  expect(await purge()).toEqual({});
});
