import type pg from 'pg';

const daysAhead = 7;

/** Errors that mean: the rows of this day are in the default partition already, or another node was quicker. */
const harmless = new Set(['23514', '42P07', '42P17']);

/**
 * Makes the partitions of `events` for today and the week ahead (UTC days). A day whose events already went
 * into the default partition stays there. Retention can then drop whole days.
 */
export async function addEventPartitions(pool: pg.Pool, now = new Date()): Promise<void> {
  for (let ahead = 0; ahead <= daysAhead; ahead += 1) {
    const [from = '', to = ''] = [ahead, ahead + 1].map((days) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days))
        .toISOString()
        .slice(0, 10),
    );
    const name = `events_${from.replaceAll('-', '')}`;
    const exists = await pool.query('select to_regclass($1) is not null as yes', [name]);
    if (exists.rows[0].yes) continue;
    try {
      await pool.query(
        `create table ${name} partition of events for values from ('${from} 00:00+00') to ('${to} 00:00+00')`,
      );
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && harmless.has(String(error.code)))) throw error;
    }
  }
}
