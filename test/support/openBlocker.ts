import pg from 'pg';
import { toPgConfig } from '../../src/database/openDatabase.ts';
import type { TestServer } from './server.ts';

export type Blocker = pg.Client & AsyncDisposable;

/** A session at the server's database, in a transaction, that holds something up; who waits for it goes on when it ends. */
export async function openBlocker({ database }: Pick<TestServer, 'database'>): Promise<Blocker> {
  const client = new pg.Client(toPgConfig(database.connection));
  await client.connect();
  await client.query('begin');
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}
