import type pg from 'pg';
import type { Position } from '../paging.ts';
import type { MilestoneView } from '../tracking.ts';
import { composeConditions } from './conditions.ts';
import { before } from './keyset.ts';
import { milestoneColumns } from './milestoneColumns.ts';

export interface MilestoneFilter {
  status?: MilestoneView['status'] | undefined;
}

/** Up to `limit` milestones of a project before a position, newest first. */
export async function listMilestones(
  reads: pg.Pool,
  of: { projectId: string; filter: MilestoneFilter; position: Position | null; limit: number },
): Promise<MilestoneView[]> {
  const { key, sql, values } = composeConditions(of.filter, { status: 'm.status = $' }, 5);
  const { rows } = await reads.query<MilestoneView>({
    name: `list milestones ${key}`,
    text: `
select ${milestoneColumns} from milestones m
where m.project_id = $1 and m.deleted_at is null and (m.created_at, m.id) < ($2, $3)${sql}
order by m.created_at desc, m.id desc limit $4`,
    values: [of.projectId, ...before(of.position), of.limit, ...values],
  });
  return rows;
}
