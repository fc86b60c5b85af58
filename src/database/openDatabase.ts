import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { parse, toClientConfig } from 'pg-connection-string';
import { PreparingClient } from './PreparingClient.ts';
import config from '../../mikro-orm.config.ts';

/** Where PostgreSQL is: a connection string, or the embedded cluster's socket. */
export type Connection = { url: string } | { host: string; port: number; user: string; database: string };

/** How long a call waits for a connection before it is told that the database does not answer. */
const connectionTimeoutMillis = 10_000;

interface PgTarget {
  host?: string;
  port?: number;
  user?: string;
  password?: string;
  database: string;
  ssl?: pg.ClientConfig['ssl'];
}

export interface Database {
  /** Writes, through the unit of work. Fork its `em` for each call. */
  orm: MikroORM;
  /** Hot reads: named prepared statements, outside any transaction of the ORM. */
  reads: pg.Pool;
  connection: Connection;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What both `pg` and the ORM take for this connection; an URL may name a socket directory as `?host=`, and TLS. */
export function toPgConfig(connection: Connection): PgTarget {
  if (!('url' in connection)) return connection;
  const { host, port, user, password, database, ssl } = toClientConfig(parse(connection.url));
  return {
    database: database ?? 'postgres',
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(typeof password === 'string' ? { password } : {}),
    ...(ssl === undefined ? {} : { ssl }),
  };
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
  const { ssl, ...target } = toPgConfig(connection);
  const orm = await MikroORM.init({
    ...config,
    // `init` writes into it, and the configuration is everybody's.
    discovery: { ...config.discovery },
    ...target,
    dbName: target.database,
    driverOptions: {
      Client: PreparingClient,
      connectionTimeoutMillis,
      ...(ssl === undefined ? {} : { ssl }),
    },
    pool: { min: 0, max: Math.max(1, options.poolSize - forReads) },
  });
  const reads = new pg.Pool({
    ...toPgConfig(connection),
    max: forReads,
    connectionTimeoutMillis,
    application_name: 'tessera reads',
  });
  reads.on('error', options.onPoolError);
  // While one is taken the pool does not listen, and one that breaks between two statements would end the process. The next
  // statement fails, and says why.
  reads.on('connect', (client) => client.on('error', () => {}));
  const close = async () => {
    await reads.end();
    await orm.close(true);
  };
  return { orm, reads, connection, close, [Symbol.asyncDispose]: close };
}
