import type pg from 'pg';
import { type AccountRow, type CreditBalance, viewBalance } from '../../credits.ts';

const text = `
select a.id, a.credits::float8 as credits, a.credits_held::float8 as "creditsHeld", a.credit_debt::float8 as "creditDebt"
from projects p join actors a on a.id = p.owner_id where p.id = $1`;

/** What the account has that pays for a project's jobs; undefined when there is no such project. */
export async function readProjectBalance(
  reads: pg.Pool,
  projectId: string,
): Promise<CreditBalance | undefined> {
  const { rows } = await reads.query<AccountRow>({ name: 'read project balance', text, values: [projectId] });
  return rows[0] && viewBalance(rows[0]);
}
