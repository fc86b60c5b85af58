import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { AccountRow } from '../../../views/credits.ts';
import { accountColumns } from './accountColumns.ts';

export interface Capture {
  jobId: string;
  /** More than 0. */
  amount: number;
  reason: string;
  key: string;
}

/**
 * Job, then hold, then account: everything that ends a job locks in this order, so nobody waits in a circle. A
 * statement of its own, because the next must see what committed while this waited.
 */
const lock = `select from jobs where id = $1 for no key update`;

const capture = `
with known as (
  select h.delta from credits_history h
  where h.idempotency_key = $3 and h.job_id = $1 and h.kind = 'charge'
), captured as (
  update credit_holds set captured = captured + $2::bigint, updated_at = now()
  where job_id = $1 and status = 'held' and amount - captured >= $2::bigint and not exists (select from known)
  returning user_id
), changed as (
  update actors a set credits = credits - $2::bigint, credits_held = credits_held - $2::bigint
  from captured c where a.id = c.user_id
  returning ${accountColumns('a')}
), written as (
  insert into credits_history (id, user_id, delta, kind, reason, job_id, balance_after, idempotency_key)
  select $4::uuid, c.id, -$2::bigint, 'charge', $5, $1, c.credits, $3 from changed c
), counted as (
  update jobs set cost_credits = cost_credits + $2::bigint where id = $1 and exists (select from captured)
)
select (select -delta::float8 from known) as "knownAmount", (select to_jsonb(c) from changed c) as account`;

const explain = `
select status, (amount - captured)::float8 as rest from credit_holds where job_id = $1
order by status = 'held' desc, created_at desc limit 1`;

export type CaptureOutcome =
  | { is: 'captured'; account: AccountRow }
  | { is: 'known'; amount: number }
  /** Why it was not possible: the newest hold of the job, if it ever had one. */
  | { is: 'refused'; hold: { status: string; rest: number } | undefined };

/** Charges a part of what is held for a job. */
export async function captureHold(em: EntityManager, of: Capture): Promise<CaptureOutcome> {
  await executePrepared(em, lock, [of.jobId]);
  const [row] = await executePrepared<{ knownAmount: number | null; account: AccountRow | null }>(
    em,
    capture,
    [of.jobId, of.amount, of.key, uuidv7(), of.reason],
  );
  if (row?.account) return { is: 'captured', account: row.account };
  if (row?.knownAmount) return { is: 'known', amount: row.knownAmount };
  const [hold] = await executePrepared<{ status: string; rest: number }>(em, explain, [of.jobId]);
  return { is: 'refused', hold };
}
