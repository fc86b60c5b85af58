import type pg from 'pg';
import type { Position } from '../paging.ts';
import type { TaskView } from '../tracking.ts';
import { composeConditions } from './conditions.ts';
import { before } from './keyset.ts';
import { taskColumns } from './taskColumns.ts';

export interface TaskFilter {
  milestoneId?: string | undefined;
  /** Of no milestone. */
  isOutside?: boolean | undefined;
  assigneeId?: string | undefined;
  status?: TaskView['status'] | undefined;
  dueBefore?: Date | undefined;
}

const conditions = {
  milestoneId: 't.milestone_id = $',
  isOutside: '(t.milestone_id is null) = $',
  assigneeId: 't.assignee_id = $',
  status: 't.status = $',
  dueBefore: 't.due_date < $',
} satisfies Record<keyof TaskFilter, string>;

/** The page is cut before anything is joined, so that only its tasks are asked whether they are blocked. */
const compose = (filter: string) => `
select ${taskColumns}
from (
  select * from tasks t
  where t.project_id = $1 and t.deleted_at is null and (t.created_at, t.id) < ($2, $3)${filter}
  order by t.created_at desc, t.id desc limit $4
) t
left join actors a on a.id = t.assignee_id
order by t.created_at desc, t.id desc`;

/** Up to `limit` tasks of a project before a position, newest first. */
export async function listTasks(
  reads: pg.Pool,
  of: { projectId: string; filter: TaskFilter; position: Position | null; limit: number },
): Promise<TaskView[]> {
  const { key, sql, values } = composeConditions(of.filter, conditions, 5);
  const { rows } = await reads.query<TaskView>({
    name: `list tasks ${key}`,
    text: compose(sql),
    values: [of.projectId, ...before(of.position), of.limit, ...values],
  });
  return rows;
}
