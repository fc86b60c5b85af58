import type pg from 'pg';
import type { TaskDetails } from '../tracking.ts';
import { taskColumns } from './taskColumns.ts';

/** Tasks at the other end of dependencies of `t`, as one array of `TaskRef`, in the order in which they were added. */
const neighbours = (other: 'depends_on' | 'task_id', own: 'depends_on' | 'task_id') => `coalesce((
    select jsonb_agg(jsonb_build_object('id', o.id, 'title', o.title, 'status', o.status) order by d.created_at, d.id)
    from task_dependencies d join tasks o on o.id = d.${other}
    where d.${own} = t.id and o.deleted_at is null
  ), '[]')`;

const text = `
select ${taskColumns},
  ${neighbours('depends_on', 'task_id')} as "dependsOn",
  ${neighbours('task_id', 'depends_on')} as dependents
from tasks t
left join actors a on a.id = t.assignee_id
where t.id = $1 and t.project_id = $2 and t.deleted_at is null`;

/** One task with what it waits for and what waits for it; undefined when the project has none of this id. */
export async function readTask(
  reads: pg.Pool,
  of: { projectId: string; taskId: string },
): Promise<TaskDetails | undefined> {
  const values = [of.taskId, of.projectId];
  return (await reads.query<TaskDetails>({ name: 'read task', text, values })).rows[0];
}
