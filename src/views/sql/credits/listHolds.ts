import type pg from 'pg';
import type { CreditHoldView } from '../../credits.ts';
import type { Position } from '../../paging.ts';
import { before } from '../keyset.ts';

const text = `
select h.id, h.user_id as "actorId", h.job_id as "jobId", j.project_id as "projectId", h.amount::float8 as amount,
  h.captured::float8 as captured, h.status, h.expires_at as "expiresAt", h.resolved_at as "resolvedAt",
  h.created_at as "createdAt"
from credit_holds h left join jobs j on j.id = h.job_id
where h.user_id = $1 and (h.created_at, h.id) < ($2, $3) and ($5::hold_status is null or h.status = $5)
order by h.created_at desc, h.id desc limit $4`;

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
