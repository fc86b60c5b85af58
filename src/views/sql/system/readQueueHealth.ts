import type pg from 'pg';
import type { QueueHealth } from '../../health.ts';

/** Both parts read a partial index of what is not over, which stays small beside the jobs that are. */
const text = `
select job_type as "jobType", count(*) filter (where is_waiting)::int as waiting,
  count(*) filter (where not is_waiting)::int as running, min(created_at) filter (where is_waiting) as "oldestWaitingAt"
from (
  select job_type, created_at, true as is_waiting from jobs where status = 'queued' and run_at <= now()
  union all
  select job_type, created_at, false from jobs where status = 'running'
) j
group by job_type
order by job_type`;

/** The jobs that wait and run, by kind. */
export async function readQueueHealth(reads: pg.Pool): Promise<QueueHealth[]> {
  return (await reads.query<QueueHealth>({ name: 'read queue health', text })).rows;
}
