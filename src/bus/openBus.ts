import type { Logger } from 'pino';
import type { Connection } from '../database/openDatabase.ts';
import type { Bus } from './Bus.ts';
import { PostgresBus } from './PostgresBus.ts';
import type { BusTarget } from '../readBusUrl.ts';

/**
 * Connects this process to the others: over PostgreSQL, so that nothing besides the database is needed, or
 * over NATS where a target is given. A connection that breaks later is opened anew by itself.
 * @throws the error of the first connection attempt; a NATS server that cannot be reached is only logged.
 */
export async function openBus(options: {
  connection: Connection;
  log: Logger;
  target?: BusTarget | undefined;
}): Promise<Bus> {
  const { target, connection, log } = options;
  if (!target) return PostgresBus.open({ connection, log });
  // Loaded only where it is used.
  const [{ NatsBus }, { readDatabaseSpace }] = await Promise.all([
    import('./NatsBus.ts'),
    import('./readDatabaseSpace.ts'),
  ]);
  return NatsBus.open({ target, space: await readDatabaseSpace(connection), connection, log });
}
