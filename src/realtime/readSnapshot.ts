import type pg from 'pg';
import type { Stream } from '../events/emit.ts';
import { type EventPage, readEvents } from '../events/sql/readEvents.ts';

/**
 * Runs `build` in a transaction that sees one instant, and tells where the stream stood at that instant: so
 * the events after `head` are exactly what the snapshot lacks.
 */
export async function readSnapshot<S>(
  pool: pg.Pool,
  stream: Stream,
  build: (client: pg.ClientBase, ownerId: string) => Promise<S>,
): Promise<{ position: EventPage; snapshot: S }> {
  const client = await pool.connect();
  // A client that is taken out has no listener of the pool's: a connection that breaks would end the process.
  const ignore = () => {};
  client.on('error', ignore);
  let isSound = false;
  try {
    await client.query('begin isolation level repeatable read read only');
    try {
      const position = await readEvents(client, stream, 0, 0);
      return { position, snapshot: await build(client, stream.slice(stream.indexOf(':') + 1)) };
    } finally {
      await client.query('rollback');
      isSound = true;
    }
  } finally {
    client.off('error', ignore);
    client.release(!isSound);
  }
}
