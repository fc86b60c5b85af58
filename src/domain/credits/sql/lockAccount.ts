import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { AccountRow } from '../../../views/credits.ts';
import { accountColumns } from './accountColumns.ts';

/** `no key`: lines of the history refer to the account and need not wait. */
const sql = `select ${accountColumns('a')} from actors a where a.id = $1 for no key update`;

/** An account as it stands, which nobody else changes until this transaction ends; undefined when there is none. */
export async function lockAccount(em: EntityManager, userId: string): Promise<AccountRow | undefined> {
  const [row] = await executePrepared<AccountRow>(em, sql, [userId]);
  return row;
}
