import type pg from 'pg';
import type { Attempt } from '../../domain/jobs/holdAttempt.ts';

/** Walks jobs_running_index. A row that is locked now is being written by its worker, which so is alive. */
const text = `
select id as "jobId", attempts as attempt from jobs
where status = 'running' and heartbeat_at < now() - make_interval(secs => $1)
  and job_type = any($2) and id <> all($3::uuid[])
order by heartbeat_at
limit 100
for update skip locked`;

/** Attempts that have given no sign of life for so many seconds, of the given types. @param except job ids */
export async function findAbandoned(
  pool: pg.Pool,
  { silentSeconds, types, except }: { silentSeconds: number; types: string[]; except: string[] },
): Promise<Attempt[]> {
  const values = [silentSeconds, types, except];
  return (await pool.query<Attempt>({ name: 'find abandoned jobs', text, values })).rows;
}
