import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { executePrepared } from '../../../database/executePrepared.ts';
import { causeOf } from '../../../database/transaction.ts';
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
  /** `told`: the seq of the event that tells of it; null when it was not told of. */
  | { is: 'changed'; changeId: string; account: AccountRow; told: number | null }
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
 *
 * The event goes with it where it can: each statement between the lock and the commit is one that all others wait
 * for. It can where nothing else will change the account in this transaction, so not while debt is to be repaid.
 */
const compose = (telling: { ctes: string; seq: string }) => `
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
)${telling.ctes}
select (select jsonb_build_object('id', k.id, 'delta', k.delta, 'kind', k.kind, 'jobId', k.job_id,
    'transactionId', k.transaction_id, 'reason', k.reason) from known k) as known,
  (select to_jsonb(c) from changed c) as account,
  exists (select from written) as "isWritten", ${telling.seq} as told`;

const silently = compose({ ctes: '', seq: 'null' });
/** As `appendEvents` does it, and with what `viewBalance` makes of an account without debt. */
const aloud = compose({
  ctes: `, telling as (
  select c.* from changed c, written where $3::bigint < 0 or c."creditDebt" = 0
), head as (
  insert into streams as s (stream, seq) select 'user:' || id, 1 from telling
  on conflict (stream) do update set seq = s.seq + excluded.seq
  returning stream, seq
), appended as (
  insert into events (stream, seq, type, subject, payload, actor_id, mutation_id, created_at)
  select head.stream, head.seq, 'credits.changed', 'credits:' || t.id, jsonb_build_object('actorId', t.id,
    'balance', t.credits, 'held', t."creditsHeld", 'debt', t."creditDebt",
    'available', case when t."creditDebt" > 0 then 0 else t.credits - t."creditsHeld" end), $10::uuid, $11, clock_timestamp()
  from head, telling t
)`,
  seq: '(select seq::float8 from head)',
});

/**
 * Adds to a balance, or takes what is there and not held, together with the line in the history.
 * @param options.tells also appends `credits.changed`, unless what came in has debt to repay first. The stream of the
 *   account is locked from here on: call it where no other stream is written to afterwards.
 */
export async function changeBalance(
  em: EntityManager,
  change: BalanceChange,
  options: { tells?: boolean } = {},
): Promise<ChangeOutcome> {
  const changeId = uuidv7();
  const [row] = await executePrepared<{
    known: KnownChange | null;
    account: AccountRow | null;
    isWritten: boolean;
    told: number | null;
  }>(em, options.tells ? aloud : silently, [
    change.userId,
    change.key,
    change.delta,
    changeId,
    change.kind,
    change.reason,
    change.jobId ?? null,
    change.transactionId ?? null,
    change.authorId ?? null,
    ...(options.tells ? [causeOf(em).actorId, causeOf(em).mutationId ?? null] : []),
  ]);
  if (row?.known) return { is: 'known', known: row.known };
  if (!row?.account) return { is: 'refused' };
  if (!row.isWritten) return { is: 'raced' };
  return { is: 'changed', changeId, account: row.account, told: row.told };
}
