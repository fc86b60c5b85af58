import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import pg from 'pg';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { readMigrations } from '../../src/database/commands/readMigrations.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';

/** The state of a release that keeps running while a later one migrates; its queries know nothing later. */
const running = '20261121000600_index_policy';
/** Takes the strongest lock on a table that every write adds to. */
const altering = '20261121004000_seal_audit';

let file: TestDatabase;
let database: Database;

beforeAll(async () => {
  file = await createDatabase(inject('cluster'), { template: 'template0' });
  database = await openDatabase(file.connection, { poolSize: 4, onPoolError: () => {} });
});
afterAll(async () => {
  await database.close();
  await file.drop();
});

const actor = '00000000-0000-7000-8000-000000000001';
const project = '00000000-0000-7000-8000-000000000003';
const thread = '00000000-0000-7000-8000-000000000004';

const fill = `
  insert into actors (id, actor_type, name, username, email, password_hash)
  values ('${actor}', 'person', 'A', 'a', 'a@example.org', 'x');
  insert into projects (id, owner_id, name, identifier) values ('${project}', '${actor}', 'P', 'p');
  insert into comment_threads (id, project_id, subject_type, subject_id) values ('${thread}', '${project}', 'project', '${project}');
  insert into streams (stream) values ('project:${project}')`;

/** What a mutation of the running release does, from its first read to its commit. */
const mutation = [
  'begin',
  `select id, name, row_version from projects where id = '${project}' and deleted_at is null`,
  `update projects set description = description || '.', row_version = row_version + 1, updated_at = now() where id = '${project}'`,
  `insert into comments (id, thread_id, author_id, body) values (gen_random_uuid(), '${thread}', '${actor}', 'B')`,
  `select c.body, a.name from comments c left join actors a on a.id = c.author_id where c.thread_id = '${thread}' order by c.created_at desc limit 5`,
  `insert into audit_logs (id, user_id, project_id, action, entity_type, entity_id, changes, via)
    values (gen_random_uuid(), '${actor}', '${project}', 'create', 'comments', 'x', '{}', 'session')`,
  `select id, action from audit_logs where project_id = '${project}' order by created_at desc, id desc limit 5`,
  `with s as (update streams set seq = seq + 1 where stream = 'project:${project}' returning seq)
    insert into events (stream, seq, type, subject, payload, created_at) select 'project:${project}', seq, 'x', 'y', '{}', now() from s`,
  'commit',
];

/** Does mutations one after another until told to stop. @returns how many, and the longest one in milliseconds. */
async function keepMutating(isOver: () => boolean): Promise<{ done: number; slowest: number }> {
  const client = new pg.Client(file.connection);
  await client.connect();
  let done = 0;
  let slowest = 0;
  try {
    while (!isOver()) {
      const began = performance.now();
      for (const statement of mutation) await client.query(statement);
      slowest = Math.max(slowest, performance.now() - began);
      done += 1;
    }
  } finally {
    await client.end();
  }
  return { done, slowest };
}

test('the release that runs goes on reading and writing while every later migration is applied', async () => {
  const { migrator } = database.orm;
  await migrator.up({ to: running });
  await database.reads.query(fill);
  const later = (await readMigrations()).map(({ name }) => name).filter((name) => name > running);
  let isOver = false;
  const workers = Array.from({ length: 3 }, () => keepMutating(() => isOver));
  try {
    for (const to of later) await migrator.up({ to });
  } finally {
    isOver = true;
  }
  const results = await Promise.all(workers);
  for (const { done, slowest } of results) {
    expect(done).toBeGreaterThan(later.length / 2);
    expect(slowest).toBeLessThan(5000);
  }
  const done = results.reduce((total, result) => total + result.done, 0);
  const { rows } = await database.reads.query<{ comments: number; audits: number; seq: number }>(
    `select (select count(*)::int from comments) as comments, (select count(*)::int from audit_logs) as audits,
      (select seq::int from streams where stream = 'project:${project}') as seq`,
  );
  expect(rows).toEqual([{ comments: done, audits: done, seq: done }]);
});

test('a migration that cannot get its lock gives up, leaves nothing behind, and can be tried again', async () => {
  const { migrator } = database.orm;
  const later = (await readMigrations()).map(({ name }) => name).filter((name) => name >= altering);
  for (const _ of later) await migrator.down();
  const reader = new pg.Client(file.connection);
  await reader.connect();
  try {
    await reader.query('begin');
    await reader.query('select count(*) from audit_logs');
    const failed = migrator.up({ to: altering }).then(
      () => 'applied',
      (error: unknown) => String(error),
    );
    expect(await failed).toContain('lock timeout');
    await database.reads.query(mutation[5] ?? '');
    const { rows } = await database.reads.query(`select to_regclass('audit_seals') as made`);
    expect(rows).toEqual([{ made: null }]);
    await reader.query('commit');
  } finally {
    await reader.end();
  }
  await migrator.up();
  expect(await migrator.getPending()).toEqual([]);
});
