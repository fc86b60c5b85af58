import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

const sql = `
select (amount - captured)::float8 as amount, (select count(*)::int from credit_holds where job_id = $1) as holds
from credit_holds where job_id = $1
order by created_at desc, id desc limit 1`;

/** What the last hold of a job was not charged, and how many holds it had; undefined when none was, or all was charged. */
export async function findUnpaid(
  em: EntityManager,
  jobId: string,
): Promise<{ amount: number; holds: number } | undefined> {
  const [row] = await executePrepared<{ amount: number; holds: number }>(em, sql, [jobId]);
  return row && row.amount > 0 ? row : undefined;
}
