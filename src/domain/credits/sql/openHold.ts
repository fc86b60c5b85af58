import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { AccountRow } from '../../../views/credits.ts';
import { accountColumns } from './accountColumns.ts';

export interface NewHold {
  userId: string;
  jobId: string;
  /** More than 0. */
  amount: number;
  expiresAt: Date;
  key: string;
}

/** First the row: who asks under the same key, or for the same job, waits here and then finds it. */
const insert = `
insert into credit_holds (id, user_id, job_id, amount, expires_at, idempotency_key) values ($1, $2, $3, $4, $5, $6)
on conflict do nothing
returning true`;

/** Who waited for the lock checks the condition anew, so holds are never more than there is. */
const take = `
update actors a set credits_held = credits_held + $2::bigint
where id = $1 and credits - credits_held >= $2::bigint and credit_debt = 0 and deleted_at is null
returning ${accountColumns('a')}`;

const find = `
select id, job_id as "jobId", amount::float8 as amount from credit_holds
where user_id = $1 and idempotency_key = $3 or job_id = $2 and status = 'held'
order by idempotency_key = $3 desc limit 1`;

export interface KnownHold {
  id: string;
  jobId: string;
  amount: number;
}

export type HoldOutcome =
  | { is: 'held'; account: AccountRow }
  | { is: 'known'; known: KnownHold }
  /** There is not enough, or there is debt. */
  | { is: 'refused' };

/** Sets credits aside; the job must be there. */
export async function openHold(em: EntityManager, hold: NewHold): Promise<HoldOutcome> {
  const { userId, jobId, amount, expiresAt, key } = hold;
  const holdId = uuidv7();
  const made = await executePrepared(em, insert, [holdId, userId, jobId, amount, expiresAt, key]);
  if (made.length === 0) {
    const [known] = await executePrepared<KnownHold>(em, find, [userId, jobId, key]);
    if (!known) throw new Error(`The hold ${key} is there and cannot be found.`);
    return { is: 'known', known };
  }
  const [account] = await executePrepared<AccountRow>(em, take, [userId, amount]);
  if (account) return { is: 'held', account };
  // Whoever catches the refusal and goes on must not leave a hold of nothing.
  await executePrepared(em, 'delete from credit_holds where id = $1', [holdId]);
  return { is: 'refused' };
}
