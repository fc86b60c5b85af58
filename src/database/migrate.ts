import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';

/**
 * Asked for again and again: a statement that waits for it would hold a snapshot, which an index that is built
 * `concurrently` by the one that migrates waits for in turn, without end.
 */
const tryLock = `select pg_try_advisory_lock(hashtextextended('tessera migrations', 0)) as "isOurs"`;
const betweenTriesMs = 100;
const unlock = `select pg_advisory_unlock(hashtextextended('tessera migrations', 0))`;

/** Brings the schema up to date; nodes that start together wait for the one that migrates. Returns what was applied. */
export async function migrate(orm: MikroORM, pool: pg.Pool): Promise<string[]> {
  const client = await pool.connect();
  const ignore = () => {};
  client.on('error', ignore);
  try {
    while (!(await client.query<{ isOurs: boolean }>(tryLock)).rows[0]?.isOurs) await sleep(betweenTriesMs);
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
