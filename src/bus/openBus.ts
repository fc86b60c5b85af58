import type { Logger } from 'pino';
import type { Connection } from '../database/openDatabase.ts';
import type { Bus } from './Bus.ts';
import { PostgresBus } from './PostgresBus.ts';

/**
 * Connects this process to the others: over PostgreSQL, so that nothing besides the database is needed.
 * A connection that breaks later is opened anew by itself.
 * @throws the error of the first connection attempt.
 */
export async function openBus(options: { connection: Connection; log: Logger }): Promise<Bus> {
  return PostgresBus.open(options);
}
