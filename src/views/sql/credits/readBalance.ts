import type pg from 'pg';
import { type AccountRow, type CreditBalance, viewBalance } from '../../credits.ts';

const text = `
select id, credits::float8 as credits, credits_held::float8 as "creditsHeld", credit_debt::float8 as "creditDebt"
from actors where id = $1 and deleted_at is null`;

/** What an account has; undefined when there is none. */
export async function readBalance(
  reads: pg.Pool | pg.ClientBase,
  actorId: string,
): Promise<CreditBalance | undefined> {
  const { rows } = await reads.query<AccountRow>({ name: 'read balance', text, values: [actorId] });
  return rows[0] && viewBalance(rows[0]);
}
