import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { AccountRow } from '../../../views/credits.ts';
import { accountColumns } from './accountColumns.ts';

const sql = `
update actors a set credit_debt = credit_debt + $2::bigint where id = $1 returning ${accountColumns('a')}`;

/** Adds to the debt of an account, or takes from it; the row must be locked. */
export async function addDebt(em: EntityManager, userId: string, delta: number): Promise<AccountRow> {
  const [row] = await executePrepared<AccountRow>(em, sql, [userId, delta]);
  if (!row) throw new Error(`There is no account ${userId}.`);
  return row;
}
