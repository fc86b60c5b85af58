/** Whatever takes a right away, by whichever door: the database says whom it concerns, when it is committed. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { purgeExpired } from '../../src/database/purgeExpired.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';

let file: TestDatabase;
let database: Database;
let listener: pg.Client;
const heard: string[] = [];

const person = randomUUID();
const other = randomUUID();
const organization = randomUUID();
const project = randomUUID();

beforeAll(async () => {
  file = await createDatabase(inject('cluster'));
  database = await openDatabase(file.connection, { poolSize: 4, onPoolError: () => {} });
  listener = new pg.Client(file.connection);
  await listener.connect();
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
  await listener.query('listen tessera_epochs');
  await database.reads.query(
    `insert into actors (id, actor_type, name, username, email, password_hash)
     select id, 'person', 'P', 'p-' || id, id || '@example.org', '-' from unnest($1::uuid[]) as id`,
    [[person, other]],
  );
  await database.reads.query(
    `insert into actors (id, actor_type, name, username) values ($1, 'organization', 'O', 'o')`,
    [organization],
  );
  await database.reads.query(
    `insert into projects (id, owner_id, name, identifier) values ($1, $2, 'P', 'p')`,
    [project, person],
  );
});
afterAll(async () => {
  await listener.end();
  await database.close();
  await file.drop();
});

const names = new Map<string, string>([
  [person, 'person'],
  [other, 'other'],
  [organization, 'organization'],
  [project, 'project'],
]);
const nameOf = (id: string | null) => (id === null ? '*' : (names.get(id) ?? id));

async function readEpoch(): Promise<number> {
  const { rows } = await database.reads.query<{ epoch: string }>(
    `select epoch from authz_epochs where name = 'access'`,
  );
  return Number(rows[0]?.epoch);
}

/** Does it, and tells whom it concerned: `actor project` each, and how often the access epoch moved. */
async function changesOf(act: () => Promise<unknown>): Promise<{ moved: number; concerned: string[] }> {
  const before = await readEpoch();
  await act();
  const after = await readEpoch();
  const { rows } = await database.reads.query<{ epoch: string; actor_id: string; project_id: string }>(
    'select * from access_changes where epoch > $1 or epoch is null order by epoch',
    [before],
  );
  for (const { epoch } of rows) expect(Number(epoch)).toBeLessThanOrEqual(after);
  return {
    moved: after - before,
    concerned: rows.map(({ actor_id: actor, project_id: of }) => `${nameOf(actor)} ${nameOf(of)}`).toSorted(),
  };
}

const run =
  (...statements: string[]) =>
  async () => {
    for (const statement of statements) await database.reads.query(statement);
  };

const session = (id: string, expires = '1 day') =>
  `insert into sessions (id, user_id, token_hash, expires_at) values ('${id}', '${person}', sha256('${id}'), now() + interval '${expires}')`;
const key = (id: string) =>
  `insert into api_keys (id, user_id, name, prefix, key_hash, scopes) values ('${id}', '${person}', 'K', 'tsk_', sha256('${id}'), '{*}')`;
const rule = (holder: string, domain: string) =>
  `insert into casbin_rules (ptype, v0, v1, v2) values ('g', 'user:${holder}', 'role:viewer', '${domain}')`;
const removeRules = (holder: string) =>
  `delete from casbin_rules where ptype = 'g' and v0 = 'user:${holder}'`;
const revokedSession = randomUUID();
const usedSession = randomUUID();
const usedKey = randomUUID();

test.each<[what: string, prepare: string[], act: string, concerned: string[]]>([
  ['a person gets a role in a project', [], rule(person, `project:${project}`), ['person project']],
  ['a person loses it', [], removeRules(person), ['person project']],
  ['a person gets a role everywhere', [], rule(person, '*'), ['person *']],
  ['a person loses that', [], removeRules(person), ['person *']],
  ['an organization becomes a member', [], rule(organization, `project:${project}`), ['* project']],
  ['an organization is a member no more', [], removeRules(organization), ['* project']],
  ['a rule is about nobody that can be named', [], rule('1', '*'), ['* *']],
  [
    'somebody joins an organization',
    [],
    `insert into organization_members values ('${organization}', '${other}', 'member')`,
    ['other *'],
  ],
  ['a mere role within an organization changes', [], `update organization_members set role = 'owner'`, []],
  [
    'a membership of an organization is written over',
    [],
    `update organization_members set actor_id = '${person}'`,
    ['other *', 'person *'],
  ],
  ['somebody leaves an organization', [], `delete from organization_members`, ['person *']],
  [
    'a person is suspended',
    [],
    `update actors set suspended_at = now() where id = '${person}'`,
    ['person *'],
  ],
  [
    'a person is suspended no more',
    [],
    `update actors set suspended_at = null where id = '${person}'`,
    ['person *'],
  ],
  ['a person is renamed', [], `update actors set name = 'Q' where id = '${person}'`, []],
  [
    'an organization is suspended',
    [],
    `update actors set suspended_at = now() where id = '${organization}'`,
    ['* *'],
  ],
  [
    'an organization is deleted',
    [],
    `update actors set deleted_at = now() where id = '${organization}'`,
    ['* *'],
  ],
  [
    'a project is made public',
    [],
    `update projects set visibility = 'public' where id = '${project}'`,
    ['* project'],
  ],
  ['a project is renamed', [], `update projects set name = 'Q' where id = '${project}'`, []],
  [
    'a project is deleted',
    [],
    `update projects set deleted_at = now() where id = '${project}'`,
    ['* project'],
  ],
  ['a session begins', [], session(revokedSession), []],
  ['a session is used', [], `update sessions set last_seen = now()`, []],
  ['a session is revoked', [], `update sessions set revoked_at = now()`, ['person *']],
  ['a session that was revoked is tidied away', [], `delete from sessions`, []],
  ['a session that ran out is tidied away', [session(randomUUID(), '-1 day')], `delete from sessions`, []],
  [
    'a session is cut short',
    [session(usedSession)],
    `update sessions set expires_at = now() where id = '${usedSession}'`,
    ['person *'],
  ],
  [
    'a session is deleted',
    [session(randomUUID())],
    `delete from sessions where expires_at > now()`,
    ['person *'],
  ],
  ['a key is made', [], key(usedKey), []],
  ['a key is used', [], `update api_keys set last_used_at = now()`, []],
  ['a key is narrowed', [], `update api_keys set scopes = '{projects.get}'`, ['person *']],
  ['a key is limited to projects', [], `update api_keys set project_ids = '{}'`, ['person *']],
  ['a key is revoked', [], `update api_keys set revoked_at = now()`, ['person *']],
  ['a key that was revoked is tidied away', [], `delete from api_keys`, []],
  ['a key is deleted', [key(randomUUID())], `delete from api_keys`, ['person *']],
  ['all sessions are thrown away', [], `truncate sessions`, ['* *']],
])('when %s', async (_what, prepare, act, concerned) => {
  await run(...prepare)();
  const changes = await changesOf(run(act));
  expect(changes.concerned).toEqual(concerned);
  expect(changes.moved).toBe(concerned.length > 0 ? 1 : 0);
});

test('what one transaction changes moves the epoch once, at its end, and tells each once', async () => {
  const client = await database.reads.connect();
  const changes = await changesOf(async () => {
    await client.query('begin');
    for (let n = 0; n < 3; n += 1) {
      await client.query(rule(person, `project:${project}`));
      await client.query(removeRules(person));
    }
    await client.query(`update projects set visibility = 'private'`);
    await client.query('savepoint undone');
    await client.query(rule(other, `project:${project}`));
    await client.query('rollback to savepoint undone');
    // Nobody waits for this transaction yet.
    const before = await readEpoch();
    await run(rule(other, '*'), removeRules(other))();
    expect(await readEpoch()).toBe(before + 2);
    await client.query('commit');
  });
  client.release();
  expect(changes.moved).toBe(3);
  expect(changes.concerned).toEqual(['* project', 'other *', 'other *', 'person project']);
});

test('what is rolled back concerns nobody', async () => {
  const changes = await changesOf(async () => {
    const client = await database.reads.connect();
    await client.query('begin');
    await client.query(rule(person, '*'));
    await client.query('rollback');
    client.release();
  });
  expect(changes).toEqual({ moved: 0, concerned: [] });
});

test('what concerns more than a hundred is said to concern everybody', async () => {
  const many = (count: number) =>
    `insert into casbin_rules (ptype, v0, v1, v2)
     select 'g', 'user:' || gen_random_uuid(), 'role:viewer', 'project:${project}' from generate_series(1, ${count})`;
  expect((await changesOf(run(many(100)))).concerned).toHaveLength(100);
  expect((await changesOf(run(many(101)))).concerned).toEqual(['* *']);
  const client = await database.reads.connect();
  const inSteps = await changesOf(async () => {
    await client.query('begin');
    for (let n = 0; n < 4; n += 1) await client.query(many(30));
    await client.query('commit');
  });
  client.release();
  expect(inSteps.moved).toBe(1);
  expect(inSteps.concerned).toContain('* *');
  expect(inSteps.concerned).toHaveLength(101);
  expect((await changesOf(run(`delete from casbin_rules where v1 = 'role:viewer'`))).concerned).toEqual([
    '* *',
  ]);
});

test('both epochs are told of when the change is committed, and not before', async () => {
  await listener.query('select 1');
  heard.length = 0;
  const client = await database.reads.connect();
  await client.query('begin');
  await client.query(rule(person, '*'));
  await client.query(
    `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:told', 'a', 'b', 'allow')`,
  );
  await listener.query('select 1');
  expect(heard).toEqual([]);
  await client.query('commit');
  client.release();
  await listener.query('select 1');
  const { rows } = await database.reads.query<{ line: string }>(
    `select name || ' ' || epoch as line from authz_epochs`,
  );
  expect(heard.toSorted()).toEqual(rows.map(({ line }) => line).toSorted());
});

test('transactions that change access at once each get an epoch of their own', async () => {
  const changes = await changesOf(() =>
    Promise.all(Array.from({ length: 20 }, () => database.reads.query(rule(randomUUID(), '*')))),
  );
  expect(changes.moved).toBe(20);
  const { rows } = await database.reads.query(
    'select epoch from access_changes group by epoch having count(*) <> 1 and max(epoch) > $1',
    [(await readEpoch()) - 20],
  );
  expect(rows).toEqual([]);
});

test('records of changes are tidied away after an hour', async () => {
  await run(rule(randomUUID(), '*'))();
  await database.reads.query(
    `update access_changes set created_at = now() - interval '61 minutes' where epoch < (select max(epoch) from access_changes)`,
  );
  await purgeExpired(database.reads);
  const { rows } = await database.reads.query('select epoch from access_changes');
  expect(rows).toHaveLength(1);
});
