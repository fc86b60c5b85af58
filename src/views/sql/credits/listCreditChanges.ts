import type pg from 'pg';
import type { CreditChangeView } from '../../credits.ts';
import type { Position } from '../../paging.ts';
import { before } from '../keyset.ts';

const text = `
select id, user_id as "actorId", delta::float8 as delta, kind, reason, job_id as "jobId", transaction_id as "transactionId",
  author_id as "authorId", balance_after::float8 as "balanceAfter", created_at as "createdAt"
from credits_history
where user_id = $1 and (created_at, id) < ($2, $3)
order by created_at desc, id desc limit $4`;

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
