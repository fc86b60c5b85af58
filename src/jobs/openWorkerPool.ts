import pg from 'pg';
import type { Logger } from 'pino';
import { type Connection, toPgConfig } from '../database/openDatabase.ts';

/**
 * Connections for graphile-worker, which are not shared with the ORM: their type parsers differ. A connection
 * that breaks is logged and replaced; without listeners it would end the process.
 */
export function openWorkerPool(connection: Connection, size: number, log: Logger): pg.Pool {
  const pool = new pg.Pool({ ...toPgConfig(connection), max: size, application_name: 'tessera jobs' });
  const report = (error: Error) => log.warn({ err: error }, 'a connection of the job queue broke');
  pool.on('error', report);
  pool.on('connect', (client) => client.on('error', report));
  return pool;
}
