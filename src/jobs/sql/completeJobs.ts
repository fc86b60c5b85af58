import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import type { Attempt } from '../../domain/jobs/holdAttempt.ts';
import type { JobRow, StageView } from '../../views/jobs.ts';
import { jobColumns } from '../../views/sql/jobColumns.ts';
import { reviveJob } from '../../views/sql/reviveJob.ts';

/** First the locks, in the order of the ids, so that two who end the same jobs do not wait in a circle. */
const sql = `
with ended as (
  select j.id, a.stages from jobs j
  join jsonb_to_recordset($1::jsonb) as a ("jobId" uuid, attempt int, stages jsonb) on j.id = a."jobId"
  where j.attempts = a.attempt and j.status = 'running'
  order by j.id for no key update of j
)
update jobs j set
  status = 'completed', progress = 100, stages = ended.stages, finished_at = now(), heartbeat_at = null, updated_at = now()
from ended where j.id = ended.id
returning ${jobColumns},
  exists (select from credit_holds h where h.job_id = j.id and h.status = 'held') as "holdsCredits"`;

type CompletedJob = JobRow & { projectId: string | null; holdsCredits: boolean };

/** Says of attempts whose outputs exist that their jobs are complete. @returns those that still held their job. */
export async function completeJobs(
  em: EntityManager,
  attempts: readonly (Attempt & { stages: StageView[] })[],
): Promise<CompletedJob[]> {
  const rows = attempts.map(({ jobId, attempt, stages }) => ({ jobId, attempt, stages }));
  return (await executePrepared<CompletedJob>(em, sql, [JSON.stringify(rows)])).map(reviveJob);
}
