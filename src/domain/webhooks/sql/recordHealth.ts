import type pg from 'pg';

/** How long a webhook may fail, without a success between, before it is switched off. */
const patience = '5 days';

const failed = `
update webhooks set
  failing_since = case when $2 then coalesce(failing_since, now()) else failing_since end,
  held_until = greatest(held_until, now() + make_interval(secs => $3::float8 / 1000))
where id = $1 and active
returning coalesce(failing_since <= now() - interval '${patience}', false) as "isOver"`;

const recovered = `update webhooks set failing_since = null, held_until = null where id = $1`;

/**
 * Notes that an attempt failed. By plain SQL, for it is no change that anyone made.
 * @param counts whether it tells anything of the receiver. @param holdMs how long it asked to be left alone.
 * @returns whether it has failed for so long that it should be switched off.
 */
export async function noteFailure(
  pool: pg.Pool,
  webhookId: string,
  { counts, holdMs }: { counts: boolean; holdMs: number | null },
): Promise<boolean> {
  const values = [webhookId, counts, holdMs];
  const { rows } = await pool.query<{ isOver: boolean }>({
    name: 'note webhook failure',
    text: failed,
    values,
  });
  return counts && rows[0]?.isOver === true;
}

/** Notes that an attempt succeeded after others had failed. */
export async function noteRecovery(pool: pg.Pool, webhookId: string): Promise<void> {
  await pool.query({ name: 'note webhook recovery', text: recovered, values: [webhookId] });
}
