import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { AccountRow, CreditKind } from '../../../views/credits.ts';
import { accountColumns } from './accountColumns.ts';

/** A change of a balance, as its line in the history says it. */
export interface BalanceChange {
  userId: string;
  /** Not 0. */
  delta: number;
  kind: CreditKind;
  reason: string;
  jobId?: string | null;
  transactionId?: string | null;
  authorId?: string | null;
  /** Of the account: the same change under the same key is made once. */
  key: string;
}

/** The line that a key stands for already. */
export interface KnownChange {
  id: string;
  delta: number;
  kind: CreditKind;
  jobId: string | null;
  transactionId: string | null;
  reason: string;
}

export type ChangeOutcome =
  | { is: 'changed'; changeId: string; account: AccountRow }
  | { is: 'known'; known: KnownChange }
  /** There is not enough that is not held, or no such account. */
  | { is: 'refused' }
  /** Another transaction used the key at the same time: with the next snapshot it is known. */
  | { is: 'raced' };

/**
 * One statement: the lock on the account is taken and used in one round trip. SERIALIZABLE with retries was
 * rejected: many who spend one account abort each other there (`npm run bench:jobs` measures both). So was an
 * advisory lock before the update: no faster for sixteen clients, slower for four. The condition is checked anew
 * by who waited for the lock; the key is not, so its unique index has the last word.
 */
const sql = `
with known as (
  select id, delta, kind, job_id, transaction_id, reason from credits_history
  where user_id = $1 and idempotency_key = $2
), changed as (
  update actors a set credits = credits + $3::bigint
  where id = $1 and ($3::bigint > 0 or credits - credits_held + $3::bigint >= 0) and not exists (select from known)
  returning ${accountColumns('a')}
), written as (
  insert into credits_history (id, user_id, delta, kind, reason, job_id, transaction_id, author_id, balance_after, idempotency_key)
  select $4::uuid, $1, $3, $5::credit_kind, $6, $7::uuid, $8::uuid, $9::uuid, credits, $2 from changed
  on conflict (user_id, idempotency_key) do nothing
  returning id
)
select (select jsonb_build_object('id', k.id, 'delta', k.delta, 'kind', k.kind, 'jobId', k.job_id,
    'transactionId', k.transaction_id, 'reason', k.reason) from known k) as known,
  (select to_jsonb(c) from changed c) as account,
  exists (select from written) as "isWritten"`;

/** Adds to a balance, or takes what is there and not held, together with the line in the history. */
export async function changeBalance(em: EntityManager, change: BalanceChange): Promise<ChangeOutcome> {
  const changeId = uuidv7();
  const [row] = await executePrepared<{
    known: KnownChange | null;
    account: AccountRow | null;
    isWritten: boolean;
  }>(em, sql, [
    change.userId,
    change.key,
    change.delta,
    changeId,
    change.kind,
    change.reason,
    change.jobId ?? null,
    change.transactionId ?? null,
    change.authorId ?? null,
  ]);
  if (row?.known) return { is: 'known', known: row.known };
  if (!row?.account) return { is: 'refused' };
  return row.isWritten ? { is: 'changed', changeId, account: row.account } : { is: 'raced' };
}
