import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { PreparingClient } from './PreparingClient.ts';
import config from '../../mikro-orm.config.ts';

/** Where PostgreSQL is: a connection string, or the embedded cluster's socket. */
export type Connection = { url: string } | { host: string; port: number; user: string; database: string };

export interface Database {
  /** Writes, through the unit of work. Fork its `em` for each call. */
  orm: MikroORM;
  /** Hot reads: named prepared statements, outside any transaction of the ORM. */
  reads: pg.Pool;
  connection: Connection;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The configuration's own database name would win over the URL's. */
function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

/** What `pg` takes for this connection. */
export function toPgConfig(connection: Connection): pg.PoolConfig {
  return 'url' in connection ? { connectionString: connection.url } : { ...connection };
}

/**
 * Opens the ORM and the pool for hot reads; `poolSize` connections in all.
 * @param onPoolError told of connections that break while idle (PostgreSQL restarted); the pool replaces them.
 */
export async function openDatabase(
  connection: Connection,
  options: { poolSize: number; onPoolError: (error: Error) => void },
): Promise<Database> {
  const forReads = Math.max(1, Math.floor(options.poolSize / 2));
  const orm = await MikroORM.init({
    ...config,
    ...('url' in connection
      ? { clientUrl: connection.url, dbName: databaseOf(connection.url) }
      : { host: connection.host, port: connection.port, user: connection.user, dbName: connection.database }),
    driverOptions: { Client: PreparingClient },
    pool: { min: 0, max: Math.max(1, options.poolSize - forReads) },
  });
  const reads = new pg.Pool({ ...toPgConfig(connection), max: forReads, application_name: 'tessera reads' });
  reads.on('error', options.onPoolError);
  const close = async () => {
    await reads.end();
    await orm.close(true);
  };
  return { orm, reads, connection, close, [Symbol.asyncDispose]: close };
}
