import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';

let file: TestDatabase;
let database: Database;

beforeAll(async () => {
  file = await createDatabase(inject('cluster'));
  database = await openDatabase(file.connection, { poolSize: 4, onPoolError: () => {} });
});
afterAll(async () => {
  await database.close();
  await file.drop();
});

interface Version {
  epoch: string;
  actor_id: string | null;
  reason: string;
  diff: { added: string[][]; removed: string[][] };
}

async function newestVersions(limit: number): Promise<Version[]> {
  const { rows } = await database.reads.query<Version>(
    'select epoch, actor_id, reason, diff from authz_versions order by epoch desc limit $1',
    [limit],
  );
  return rows;
}

async function readEpoch(): Promise<string> {
  const { rows } = await database.reads.query(`select epoch from authz_epochs where name = 'policy'`);
  return rows[0].epoch;
}

const insert = (role: string, action = 'get') =>
  `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:${role}', 'projects', '${action}', 'allow');`;
const remove = (role: string) => `delete from casbin_rules where v0 = 'role:${role}';`;
const line = (role: string, action = 'get') => ['p', `role:${role}`, 'projects', action, 'allow'];

/** Statements in one transaction: a query of several is one. */
const run = (...statements: string[]) => database.reads.query(statements.join('\n'));

test('all changes of one transaction are one version, at the epoch that the policy is left at', async () => {
  const [before] = await newestVersions(1);
  await run(
    insert('a'),
    insert('b'),
    `insert into casbin_rules (ptype, v0, v1, v2) values ('g', 'role:a', 'role:b', '*');`,
  );
  const [newest, second] = await newestVersions(2);
  expect(newest).toEqual({
    epoch: await readEpoch(),
    actor_id: null,
    reason: 'changed directly in the database',
    diff: { added: [line('a'), line('b'), ['g', 'role:a', 'role:b', '*']], removed: [] },
  });
  expect(second).toEqual(before);
});

test('what a transaction does and takes back is no part of its version', async () => {
  await run(insert('c'));
  await run(
    insert('d'),
    insert('e'),
    remove('d'),
    remove('c'),
    insert('c'),
    remove('a'),
    insert('c', 'list'),
  );
  const [newest] = await newestVersions(1);
  expect(newest?.diff).toEqual({
    added: [line('e'), line('c', 'list')],
    removed: [line('a'), ['g', 'role:a', 'role:b', '*']],
  });
});

test('what a savepoint gives up is no part of it either', async () => {
  await run(
    'begin;',
    insert('f'),
    'savepoint here;',
    insert('g'),
    'rollback to here;',
    insert('h'),
    'commit;',
  );
  const [newest] = await newestVersions(1);
  expect(newest?.diff).toEqual({ added: [line('f'), line('h')], removed: [] });
  expect(newest?.epoch).toBe(await readEpoch());
});

test('rules of people, and transactions that fail, make none', async () => {
  const before = await newestVersions(1);
  const epoch = await readEpoch();
  await run(
    `insert into casbin_rules (ptype, v0, v1, v2) values ('g', 'user:1', 'role:owner', 'project:1');`,
  );
  await run(`delete from casbin_rules where v0 = 'user:1';`);
  await run('begin;', insert('i'), 'rollback;');
  expect(await newestVersions(1)).toEqual(before);
  expect(await readEpoch()).toBe(epoch);
});

test('who and why are told for the transaction alone', async () => {
  const actor = '01a1fb00-0000-7000-8000-000000000001';
  const client = await database.reads.connect();
  try {
    await client.query(
      `begin; select set_config('tessera.policy_actor', '${actor}', true), set_config('tessera.policy_reason', 'because', true);
       ${insert('j')} commit;`,
    );
    await client.query(insert('k'));
  } finally {
    client.release();
  }
  expect(await newestVersions(2)).toMatchObject([
    { actor_id: null, reason: 'changed directly in the database', diff: { added: [line('k')] } },
    { actor_id: actor, reason: 'because', diff: { added: [line('j')] } },
  ]);
});

test('a version whose number of transaction is from another cluster is left as it is', async () => {
  await run(insert('l'));
  const [restored] = await newestVersions(1);
  const client = await database.reads.connect();
  try {
    await client.query('begin');
    // As a dump would bring it: the number of the transaction that is running, the moment of one long over.
    await client.query('alter table authz_versions disable trigger user');
    await client.query(
      `update authz_versions set transaction_id = pg_current_xact_id(), created_at = now() - interval '1 day'
       where epoch = $1`,
      [restored?.epoch],
    );
    await client.query('alter table authz_versions enable trigger user');
    await client.query(insert('m'));
    await client.query('commit');
  } finally {
    client.release();
  }
  expect(await newestVersions(2)).toMatchObject([
    { diff: { added: [line('m')] } },
    { epoch: restored?.epoch, diff: { added: [line('l')] } },
  ]);
});

test('the history is kept as it was written', async () => {
  for (const statement of [
    `update authz_versions set reason = 'nothing to see'`,
    'delete from authz_versions',
    'truncate authz_versions',
  ])
    await expect(run(statement)).rejects.toThrow('is refused: its rows are kept as they are');
});

test('epochs only rise', async () => {
  for (const statement of [
    'update authz_epochs set epoch = epoch - 1',
    `update authz_epochs set name = 'other' where name = 'policy'`,
    'delete from authz_epochs',
  ])
    await expect(run(statement)).rejects.toThrow('nodes and history rely on epochs that only rise');
  await expect(run('truncate authz_epochs')).rejects.toThrow('is refused');
});

test('versions that an earlier release wrote are told like the others', async () => {
  await using old = await createDatabase(inject('cluster'), { template: 'template0' });
  await using opened = await openDatabase(old.connection, { poolSize: 2, onPoolError: () => {} });
  await opened.orm.migrator.up({ to: '20261120000900_create_rate_limits' });
  const rules = [
    { ptype: 'p', v0: 'role:admin', v1: '*', v2: '*', v3: 'allow' },
    { ptype: 'g', v0: 'role:owner', v1: 'role:manager', v2: '*', v3: null },
  ];
  await opened.reads.query(
    `insert into authz_versions (epoch, reason, diff) values (2, 'built-in policy', $1), (3, 'nothing', $2)`,
    [{ added: rules }, { added: [] }],
  );
  const diffs = async () =>
    (await opened.reads.query('select diff from authz_versions order by epoch')).rows.map(({ diff }) => diff);
  await opened.orm.migrator.up({ to: '20261121000100_policy_versions' });
  expect(await diffs()).toEqual([
    {
      added: [
        ['p', 'role:admin', '*', '*', 'allow'],
        ['g', 'role:owner', 'role:manager', '*'],
      ],
      removed: [],
    },
    { added: [], removed: [] },
  ]);
  await opened.orm.migrator.down();
  expect(await diffs()).toEqual([{ added: rules }, { added: [] }]);
});
