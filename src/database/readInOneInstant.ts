import type pg from 'pg';

/**
 * Reads on one connection, in a transaction that sees the data of one instant and can change none; it ends
 * with the last value, or when its reader stops before.
 */
export async function* readInOneInstant<T>(
  pool: pg.Pool,
  read: (client: pg.PoolClient) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const client = await pool.connect();
  // A connection that breaks between two statements would otherwise end the process; the next statement fails.
  const ignore = () => {};
  client.on('error', ignore);
  try {
    await client.query('begin isolation level repeatable read read only');
    yield* read(client);
  } finally {
    const isUsable = await client.query('rollback').then(
      () => true,
      () => false,
    );
    client.off('error', ignore);
    client.release(!isUsable);
  }
}
