import pg from 'pg';
import { type Connection, toPgConfig } from './openDatabase.ts';

/** Makes the database if the server does not have it yet; returns its name. */
export async function ensureDatabase(connection: Connection, name: string): Promise<string> {
  const client = new pg.Client(toPgConfig(connection));
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    // 42P04 and 23505: another process made it in between.
    if (!(error instanceof Error && 'code' in error && (error.code === '42P04' || error.code === '23505')))
      throw error;
  } finally {
    await client.end();
  }
  return name;
}
