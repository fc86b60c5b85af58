import type pg from 'pg';
import type { Position } from '../../paging.ts';
import type { TargetView } from '../../translation.ts';
import { composeConditions } from '../conditions.ts';
import { before } from '../keyset.ts';
import { targetColumns } from './targetColumns.ts';

/** Up to `limit` targets of a project before a position, newest first. */
export async function listTargets(
  reads: pg.Pool,
  of: {
    projectId: string;
    filter: { status?: TargetView['status'] | undefined };
    position: Position | null;
    limit: number;
  },
): Promise<TargetView[]> {
  const { key, sql, values } = composeConditions(of.filter, { status: 't.status = $' }, 5);
  const { rows } = await reads.query<TargetView>({
    name: `list targets ${key}`,
    text: `
select ${targetColumns} from project_targets t
where t.project_id = $1 and (t.created_at, t.id) < ($2, $3)${sql}
order by t.created_at desc, t.id desc limit $4`,
    values: [of.projectId, ...before(of.position), of.limit, ...values],
  });
  return rows;
}
