import { runMigrations } from 'graphile-worker';
import pino, { type Logger } from 'pino';
import type { Connection } from '../database/openDatabase.ts';
import { makeQueueLogger } from './queueLog.ts';
import { openWorkerPool } from './openWorkerPool.ts';

const lock = `select pg_advisory_lock(hashtextextended('tessera: migrate graphile_worker', 0))`;

/**
 * Brings graphile-worker's own schema up to date; nothing can be enqueued before. Nodes that start at once
 * wait for each other.
 */
export async function migrateWorker(
  connection: Connection,
  log: Logger = pino({ level: 'silent' }),
): Promise<void> {
  const pool = openWorkerPool(connection, 2, log);
  try {
    const client = await pool.connect();
    try {
      await client.query(lock);
      await runMigrations({ pgPool: pool, logger: makeQueueLogger(log) });
    } finally {
      // Closing the connection gives the lock back.
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}
