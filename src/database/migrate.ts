import type { MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';

const lock = `select pg_advisory_lock(hashtextextended('tessera migrations', 0))`;
const unlock = `select pg_advisory_unlock(hashtextextended('tessera migrations', 0))`;

/** Brings the schema up to date; nodes that start together wait for the one that migrates. Returns what was applied. */
export async function migrate(orm: MikroORM, pool: pg.Pool): Promise<string[]> {
  const client = await pool.connect();
  const ignore = () => {};
  client.on('error', ignore);
  try {
    await client.query(lock);
    const applied = await orm.migrator.up();
    await client.query(unlock);
    client.off('error', ignore);
    client.release();
    return applied.map((migration) => migration.name);
  } catch (error) {
    // Closing the session gives the lock back.
    client.release(true);
    throw error;
  }
}
