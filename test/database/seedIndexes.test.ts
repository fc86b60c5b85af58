import { expect, inject, test } from 'vitest';
import pg from 'pg';
import { seedIndexes } from '../../src/schemaPage/seedIndexes.ts';
import { createDatabase } from '../support/cluster.ts';

test('every index that the designs name has one that does its work, and a unique one is unique', async () => {
  await using file = await createDatabase(inject('cluster'));
  const client = new pg.Client(file.connection);
  await client.connect();
  const { rows } = await client.query<{ name: string; table: string; unique: boolean; columns: string[] }>(`
    select i.relname as name, t.relname as table, x.indisunique as unique,
      array(select a.attname::text from unnest(x.indkey) with ordinality k(number, at)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number order by at) as columns
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
    where t.relnamespace = 'public'::regnamespace`);
  await client.end();
  const known = new Map(rows.map((row) => [row.name, row]));
  for (const { named, now, why } of seedIndexes) {
    for (const name of now) expect(known.has(name), `${named}: ${name}`).toBe(true);
    const index = known.get(now[0] ?? '');
    if (named.startsWith('unique')) expect(index?.unique, named).toBe(true);
    // Without a word of explanation it is the very same index.
    if (why === undefined) {
      const [, table = '', columns = ''] = /(\w+)\(([\w, ]+)\)$/.exec(named) ?? [];
      expect([index?.table, index?.columns], named).toEqual([table, columns.split(', ')]);
    }
  }
});
