import type pg from 'pg';
import type { Attempt } from '../../domain/jobs/holdAttempt.ts';

/**
 * By plain SQL outside the unit of work: a sign of life is no change that anyone wants in the audit log, and
 * it comes every second of every running job.
 */
const text = `
update jobs set
  heartbeat_at = now(),
  progress = greatest(progress, $3),
  updated_at = case when $3 > progress then now() else updated_at end
where id = $1 and attempts = $2 and status = 'running'`;

/** Says that the attempt is alive and how far it is, in percent. @returns false when it no longer holds the job. */
export async function beat(pool: pg.Pool, { jobId, attempt }: Attempt, progress: number): Promise<boolean> {
  const { rowCount } = await pool.query({ name: 'job heartbeat', text, values: [jobId, attempt, progress] });
  return rowCount === 1;
}
