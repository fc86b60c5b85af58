import type pg from 'pg';
import type { CriticalTask } from '../tracking.ts';
import { actorJson } from './actorJson.ts';

/** An open task, and which open tasks it waits for. */
export interface OpenTask extends CriticalTask {
  dependsOn: string[];
}

/** A task counts for the days that it was given, begun ones counted; where no due date says, for one. */
const days = `greatest(1, ceil(extract(epoch from t.due_date - t.created_at) / 86400))::int`;

/**
 * Only tasks that a dependency joins to another: a chain of one can only be the one that takes longest, so of
 * all others there is but that one. On the left side is what they belong to, so that no tasks can be told
 * from no milestone.
 */
const compose = (here: string, condition: string) => `
with open as materialized (
  select t.id, t.title, t.status, t.assignee_id, t.due_date, t.created_at, ${days} as days
  from tasks t
  where t.project_id = $1 and t.deleted_at is null and t.status <> 'COMPLETED'${condition}
), linked as materialized (
  select d.task_id, d.depends_on
  from task_dependencies d
  where d.project_id = $1 and d.task_id in (select id from open) and d.depends_on in (select id from open)
), waits as (
  select task_id, jsonb_agg(depends_on) as depends_on from linked group by task_id
), chained as (
  select * from open
  where id in (select task_id from linked union all select depends_on from linked)
    or id = (select id from open order by days desc, created_at, id limit 1)
)
select o.id, o.title, o.status, ${actorJson('a')} as assignee, o.days, o.due_date as "dueAt",
  coalesce(w.depends_on, '[]') as "dependsOn"
from (${here}) here
left join chained o on true
left join waits w on w.task_id = o.id
left join actors a on a.id = o.assignee_id
order by o.created_at, o.id`;

const everywhere = { name: 'list open tasks', text: compose('select 1', '') };
const inMilestone = {
  name: 'list open tasks of milestone',
  text: compose(
    'select 1 from milestones where id = $2 and project_id = $1 and deleted_at is null',
    ' and t.milestone_id = $2',
  ),
};

/**
 * The open tasks of a project, or of one of its milestones, that its critical path may lead through; oldest first.
 * @returns undefined when the project has no such milestone.
 */
export async function listOpenTasks(
  reads: pg.Pool,
  of: { projectId: string; milestoneId: string | null },
): Promise<OpenTask[] | undefined> {
  const { projectId, milestoneId } = of;
  const { rows } = await reads.query<OpenTask | (Omit<OpenTask, 'id'> & { id: null })>(
    milestoneId === null
      ? { ...everywhere, values: [projectId] }
      : { ...inMilestone, values: [projectId, milestoneId] },
  );
  if (rows.length === 0) return undefined;
  return rows.filter((row): row is OpenTask => row.id !== null);
}
