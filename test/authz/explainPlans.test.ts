/** With 50,000 memberships, what every call and every list reads is found by an index, however it is asked. */
import type pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { explainReads, recordStatements } from '../../bench/support/explainPlan.ts';
import { type Memberships, fillMemberships } from '../../bench/support/fillMemberships.ts';
import { type Sample, sampleRequests } from '../../bench/support/sampleRequests.ts';
import { Authorizer } from '../../src/authz/Authorizer.ts';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { explainAccess } from '../../src/domain/policies/explainAccess.ts';
import { whatCan } from '../../src/domain/policies/whatCan.ts';
import { whoCan } from '../../src/domain/policies/whoCan.ts';
import { listProjects } from '../../src/views/sql/listProjects.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';

let testDatabase: TestDatabase;
let database: Database;
let samples: Sample[];
let world: Memberships;

beforeAll(async () => {
  testDatabase = await createDatabase(inject('cluster'));
  database = await openDatabase(testDatabase.connection, { poolSize: 6, onPoolError: () => {} });
  world = await fillMemberships(database.reads, 50_000);
  samples = sampleRequests(world, 20);
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** Whose rows are those of all people: none of these may be read for one of them. */
const large = new Set([
  'casbin_rules',
  'project_members',
  'organization_members',
  'actors',
  'sessions',
  'api_keys',
]);

/** What `work` reads: the large tables that it reads without an index, and how many pages it looks at in all. */
async function readsOf(
  work: (pool: pg.Pool, authorizer: Authorizer) => Promise<unknown>,
): Promise<{ whole: string[]; pages: number }> {
  const recorded = recordStatements(database.reads);
  await work(recorded.pool, new Authorizer(recorded.pool, { sessionIdleDays: 14 }));
  const statements = recorded.statements.filter(({ text }) => /^\s*(select|with)/i.test(text));
  const reads = await Promise.all(statements.map((statement) => explainReads(database.reads, statement)));
  const tables = reads.flatMap((each) => each.tables);
  expect(tables.map(({ table }) => table)).toContain('casbin_rules');
  const steps = tables.filter(({ step, table }) => step === 'Seq Scan' && large.has(table));
  return {
    whole: [...new Set(steps.map(({ table }) => table))],
    pages: reads.reduce((sum, { pages }) => sum + pages, 0),
  };
}

const sample = (number: number): Sample => samples[number] ?? expect.fail('There are too few samples.');

test('a scan of a whole table or index would be seen', async () => {
  const scan = (text: string) =>
    explainReads(database.reads, { text, values: ['role:viewer'], isPrepared: true });
  const table = await scan('select * from casbin_rules where v1 = $1');
  expect(table.tables).toContainEqual({ step: 'Seq Scan', table: 'casbin_rules' });
  const index = await scan(`select count(*) from casbin_rules where v1 like '%' || $1`);
  // Even the smallest index, its many equal keys packed, is more than a decision may look at.
  expect(Math.min(table.pages, index.pages)).toBeGreaterThan(80);
});

test('a decision reads no table whole, nor does the policy that it loads', async () => {
  const { whole, pages } = await readsOf(async (_, authorizer) => {
    const { tokenHash, project } = sample(0);
    await authorizer.authorize(tokenHash, 'comments.list', project);
  });
  expect(whole).toEqual([]);
  expect(pages).toBeLessThan(60);
});

test('decisions about many subscriptions at once read no table whole', async () => {
  const { whole, pages } = await readsOf(async (_, authorizer) => {
    const accesses = samples.map(({ tokenHash, project }) => authorizer.accessInBatch(tokenHash, project));
    for (const access of await Promise.all(accesses)) expect(access.can('comments.list')).toBe(true);
  });
  expect(whole).toEqual([]);
  expect(pages).toBeLessThan(60 * samples.length);
});

test('who of many people may be told of something is found without reading a table whole', async () => {
  const { whole, pages } = await readsOf(async (_, authorizer) => {
    const people = samples.map(({ person }) => person);
    const { project } = sample(0);
    expect(await authorizer.filterAllowed(people, 'comments.list', project)).toContain(sample(0).person);
  });
  expect(whole).toEqual([]);
  expect(pages).toBeLessThan(60 * samples.length);
});

test("a person's list of projects costs what they have, not what there is", async () => {
  const { whole, pages } = await readsOf(async (pool, authorizer) => {
    const access = await authorizer.access(sample(0).tokenHash, null);
    const scope = access.projectsWhere('projects.get');
    const filter = { scope, own: true, text: null, after: null, limit: 51 };
    // Ten in person, and some through the organization.
    expect((await listProjects(pool, filter)).length).toBeGreaterThanOrEqual(10);
  });
  expect(whole).toEqual([]);
  expect(pages).toBeLessThan(200);
});

test('what an administrator asks about one person, or one project, reads neither all people nor all rules', async () => {
  const { person: actorId, project: projectId } = sample(0);
  const { whole } = await readsOf(async (reads, authorizer) => {
    const tools = { reads, authorizer };
    const question = { actorId, projectId, apiKeyId: null };
    const permission = 'comments.list';
    const { decision } = await explainAccess(tools, { ...question, permission, isInProject: true });
    expect(decision).toBe('allow');
    expect((await whatCan(tools, question, () => true)).permissions).toContain(permission);
    const { items } = await whoCan(tools, { permission, projectId, after: null, limit: 200 });
    expect(items.map(({ actor }) => actor.id)).toContain(actorId);
  });
  expect(whole).toEqual([]);
});
