import type pg from 'pg';
import type { CreditChangeView } from '../../credits.ts';
import type { Position } from '../../paging.ts';
import { before } from '../keyset.ts';

const text = `
select c.id, c.user_id as "actorId", c.delta::float8 as delta, c.kind, c.reason, c.job_id as "jobId",
  j.project_id as "projectId", c.transaction_id as "transactionId", c.author_id as "authorId",
  c.balance_after::float8 as "balanceAfter", c.created_at as "createdAt"
from credits_history c left join jobs j on j.id = c.job_id
where c.user_id = $1 and (c.created_at, c.id) < ($2, $3)
order by c.created_at desc, c.id desc limit $4`;

/** Lines of an account's history before a position, newest first. */
export async function listCreditChanges(
  reads: pg.Pool,
  of: { actorId: string; position: Position | null; limit: number },
): Promise<CreditChangeView[]> {
  const { rows } = await reads.query<CreditChangeView>({
    name: 'list credit changes',
    text,
    values: [of.actorId, ...before(of.position), of.limit],
  });
  return rows;
}
