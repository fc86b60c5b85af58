import type pg from 'pg';
import type { BurndownDay } from '../tracking.ts';

/** Days shown at most; of a longer milestone the last ones. */
const mostDays = 1000;

/**
 * Each event of a task that was ever in the milestone says what the task adds to it from then on; less what
 * it added before, that is a change, and the running sum of the changes is the milestone on any day. So the
 * past stays as it was when tasks move, and the cost follows the number of events, not events times days.
 */
const text = `
with milestone as (
  select (start_date at time zone 'UTC')::date as first, (end_date at time zone 'UTC')::date as last
  from milestones where id = $1 and project_id = $2 and deleted_at is null
), history as (
  select task_id, number, (created_at at time zone 'UTC')::date as day,
    (milestone_id is not distinct from $1 and not is_deleted)::int as counts,
    (milestone_id is not distinct from $1 and not is_deleted and status = 'COMPLETED')::int as is_done
  from task_events
  where task_id in (select task_id from task_events where milestone_id = $1)
), changes as (
  select day,
    counts - lag(counts, 1, 0) over each_task as total,
    is_done - lag(is_done, 1, 0) over each_task as done
  from history
  window each_task as (partition by task_id order by number)
), reach as (
  select first, least((now() at time zone 'UTC')::date, greatest(last, (select max(day) from changes where total <> 0 or done <> 0))) as last
  from milestone
), span as (
  select greatest(first, last - ${mostDays - 1}) as first, last from reach
), by_day as (
  select greatest(c.day, s.first) as day, sum(c.total) as total, sum(c.done) as done
  from changes c cross join span s
  group by 1
)
select to_char(d.day, 'YYYY-MM-DD') as day,
  sum(coalesce(b.total, 0)) over running as total,
  sum(coalesce(b.done, 0)) over running as done
from span s
left join lateral generate_series(s.first, s.last, interval '1 day') as d (day) on true
left join by_day b on b.day = d.day
window running as (order by d.day)
order by d.day`;

/**
 * What was in a milestone at the end of each day (UTC), and how much of it was done: from its start to its
 * end, and beyond for as long as its tasks changed, but not into the future; the last thousand days at most.
 * @returns undefined when the project has no such milestone.
 */
export async function readBurndown(
  reads: pg.Pool,
  of: { projectId: string; milestoneId: string },
): Promise<BurndownDay[] | undefined> {
  const { rows } = await reads.query<{ day: string | null; total: string; done: string }>({
    name: 'read burndown',
    text,
    values: [of.milestoneId, of.projectId],
  });
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ day, total, done }) =>
    day === null
      ? []
      : [{ day, total: Number(total), done: Number(done), remaining: Number(total) - Number(done) }],
  );
}
