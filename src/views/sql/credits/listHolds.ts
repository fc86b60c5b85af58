import type pg from 'pg';
import type { CreditHoldView } from '../../credits.ts';
import type { Position } from '../../paging.ts';
import { before } from '../keyset.ts';

const text = `
select id, user_id as "actorId", job_id as "jobId", amount::float8 as amount, captured::float8 as captured, status,
  expires_at as "expiresAt", resolved_at as "resolvedAt", created_at as "createdAt"
from credit_holds
where user_id = $1 and (created_at, id) < ($2, $3) and ($5::hold_status is null or status = $5)
order by created_at desc, id desc limit $4`;

/** Holds of an account before a position, newest first. */
export async function listHolds(
  reads: pg.Pool,
  of: {
    actorId: string;
    status: CreditHoldView['status'] | undefined;
    position: Position | null;
    limit: number;
  },
): Promise<CreditHoldView[]> {
  const { rows } = await reads.query<CreditHoldView>({
    name: 'list holds',
    text,
    values: [of.actorId, ...before(of.position), of.limit, of.status ?? null],
  });
  return rows;
}
