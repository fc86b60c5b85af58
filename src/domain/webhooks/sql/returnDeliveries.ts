import type pg from 'pg';
import type { Claimed } from './claimDeliveries.ts';

const still = `d.attempts = c.attempts and d.status = 'pending'`;
const from = `from jsonb_to_recordset($1::jsonb) as c (id uuid, attempts int) where d.id = c.id and ${still}`;

const unsent = `
update webhook_deliveries d set status = 'failed', failure = 'forbidden', attempts = d.attempts - 1,
  error_message = 'not sent: who is responsible for the webhook may not read this event',
  next_attempt_at = null, leased_until = null, updated_at = now()
${from}`;

/** The attempt is in the log, so it counts. */
const back = `update webhook_deliveries d set leased_until = null, next_attempt_at = now() ${from}`;

const toRows = (deliveries: readonly Claimed[]) =>
  JSON.stringify(deliveries.map(({ id, attempts }) => ({ id, attempts })));

/** Says of deliveries that they were not sent, and why: nobody may read them any more. */
export async function forbidDeliveries(pool: pg.Pool, deliveries: readonly Claimed[]): Promise<void> {
  await pool.query({ name: 'forbid deliveries', text: unsent, values: [toRows(deliveries)] });
}

/** Gives deliveries back whose attempts were broken off because the worker stops. */
export async function handBackDeliveries(pool: pg.Pool, deliveries: readonly Claimed[]): Promise<void> {
  await pool.query({ name: 'hand deliveries back', text: back, values: [toRows(deliveries)] });
}
