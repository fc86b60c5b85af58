import type pg from 'pg';
import type { StageView } from '../../views/jobs.ts';
import type { Attempt } from '../../domain/jobs/holdAttempt.ts';

/**
 * By plain SQL outside the unit of work: a sign of life is no change that anyone wants in the audit log, and
 * it comes every second of every running job.
 */
const text = `
update jobs set
  heartbeat_at = now(),
  progress = greatest(progress, $3),
  stages = coalesce($4::jsonb, stages),
  updated_at = case when $3 > progress or $4::jsonb is not null then now() else updated_at end
where id = $1 and attempts = $2 and status = 'running'
returning updated_at`;

/**
 * Says that the attempt is alive and how far it is, in percent.
 * @param stages null: as they were.
 * @returns when the row was last changed, undefined when the attempt no longer holds the job.
 */
export async function beat(
  pool: pg.Pool,
  { jobId, attempt }: Attempt,
  progress: number,
  stages: StageView[] | null,
): Promise<Date | undefined> {
  const values = [jobId, attempt, progress, stages && JSON.stringify(stages)];
  const { rows } = await pool.query<{ updated_at: Date }>({ name: 'job heartbeat', text, values });
  return rows[0]?.updated_at;
}
