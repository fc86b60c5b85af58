import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { openDatabase } from '../../src/database/openDatabase.ts';
import { createDatabase } from '../support/cluster.ts';

test('where its role may not create the extension for the search, a migration says what to do, and then leaves it alone', async () => {
  await using file = await createDatabase(inject('cluster'), { template: 'template0' });
  const role = `plain_${file.name}`;
  const superuser = new pg.Client(file.connection);
  await superuser.connect();
  try {
    await superuser.query(`create role ${role} login; grant usage, create on schema public to ${role}`);
    await using database = await openDatabase(
      { ...file.connection, user: role },
      { poolSize: 2, onPoolError: () => {} },
    );
    const { migrator } = database.orm;
    await expect(migrator.up()).rejects.toThrow(
      `The search needs the extension pg_trgm, which the role ${role} may not create. Let an administrator of the server run "create extension pg_trgm" in the database ${file.name}, then start again.`,
    );
    await superuser.query('create extension pg_trgm');
    await migrator.up();
    await migrator.down({ to: 0 });
    const { rowCount } = await superuser.query(`select from pg_extension where extname = 'pg_trgm'`);
    expect(rowCount).toBe(1);
  } finally {
    await superuser.query(`drop owned by ${role}; drop role ${role}`);
    await superuser.end();
  }
});
