import { once } from 'node:events';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/openDatabase.ts';
import { createDatabase } from '../support/cluster.ts';

test('a node that waits for another to migrate does not hold up an index that is built concurrently', async () => {
  await using file = await createDatabase(inject('cluster'));
  await using waiting = await openDatabase(file.connection, { poolSize: 4, onPoolError: () => {} });
  const migrating = new pg.Client(file.connection);
  await migrating.connect();
  await migrating.query(`select pg_advisory_lock(hashtextextended('tessera migrations', 0))`);
  const connected = once(waiting.reads, 'connect');
  let isOver = false;
  const waited = migrate(waiting.orm, waiting.reads).finally(() => (isOver = true));
  await connected;
  // By now it waits; what it asked has to be over at some moment, or this would be cancelled.
  await migrating.query(`set statement_timeout = '20s'`);
  await migrating.query('create index concurrently of_the_test on comments (body)');
  expect(isOver).toBe(false);
  await migrating.end();
  expect(await waited).toEqual([]);
});
