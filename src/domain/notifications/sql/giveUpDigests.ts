import type pg from 'pg';

/** A worker that died while it handed a mail over has told nobody whether it arrived. */
const overdue = `
with lost as (
  update mail_digests set status = 'unknown', error_message = 'the worker that sent it has died'
  where status = 'sending' and leased_until < $1
  returning id
)
delete from notification_mails using lost where digest_id = lost.id`;

const old = `
delete from notification_mails where digest_id is null and created_at < $1::timestamptz - make_interval(days => $2)`;

/** Gives up on digests whose worker has died, and on what has waited for more than so many days. */
export async function giveUpDigests(pool: pg.Pool, of: { now: Date; days: number }): Promise<void> {
  await pool.query({ name: 'give up digests', text: overdue, values: [of.now] });
  await pool.query({ name: 'give up mails', text: old, values: [of.now, of.days] });
}
