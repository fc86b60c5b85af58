import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { AccountRow } from '../../../views/credits.ts';
import { accountColumns } from './accountColumns.ts';

/** The condition on the status is checked anew by who waited for the row, so a hold ends once. */
const compose = (condition: string, status: string) => `
with ended as (
  update credit_holds set status = (${status})::hold_status, resolved_at = now(), updated_at = now()
  where ${condition} and status = 'held'
  returning user_id, amount - captured as rest
)
update actors a set credits_held = credits_held - e.rest
from ended e where a.id = e.user_id
returning ${accountColumns('a')}`;

const release = compose('job_id = $1', `case when captured > 0 then 'captured' else 'released' end`);
const expire = compose('id = $1 and expires_at <= now()', `'expired'`);

/** Gives back what is still held for a job. @returns the account; undefined when nothing was held. */
export async function releaseHold(em: EntityManager, jobId: string): Promise<AccountRow | undefined> {
  const [account] = await executePrepared<AccountRow>(em, release, [jobId]);
  return account;
}

/** Gives back what a hold holds whose time is over. @returns the account; undefined when it had ended. */
export async function expireHold(em: EntityManager, holdId: string): Promise<AccountRow | undefined> {
  const [account] = await executePrepared<AccountRow>(em, expire, [holdId]);
  return account;
}
