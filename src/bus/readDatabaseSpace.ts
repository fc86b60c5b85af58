import pg from 'pg';
import { type Connection, toPgConfig } from '../database/openDatabase.ts';

/** The cluster's own number and the database's in it: a copy of the database has others. */
const text = `
select to_hex(c.system_identifier) || '-' || d.oid as space
from pg_control_system() as c, pg_database as d
where d.datname = current_database()`;

/** What all nodes of one database have in common, and no others: names their part of a shared NATS server. */
export async function readDatabaseSpace(connection: Connection): Promise<string> {
  const client = new pg.Client({ ...toPgConfig(connection), connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ space: string }>(text);
    return rows[0]?.space ?? 'all';
  } finally {
    await client.end();
  }
}
