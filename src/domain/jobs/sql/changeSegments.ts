/** What happens to the segments of a job with the job; its row is locked by whoever calls these. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

const cancel = `
update job_segments set status = 'cancelled', finished_at = now()
where job_id = $1 and status in ('pending', 'queued', 'running')`;

/** Those that are not over will not be done. */
export async function cancelSegments(em: EntityManager, jobId: string): Promise<void> {
  await executePrepared(em, cancel, [jobId]);
}

const giveBack = `update job_segments set status = 'pending' where job_id = $1 and status = 'running'`;

/** Nobody is at them any more. */
export async function giveBackSegments(em: EntityManager, jobId: string): Promise<void> {
  await executePrepared(em, giveBack, [jobId]);
}

const renew = `
update job_segments set
  status = 'pending', error_code = null, error_message = null, finished_at = null
where job_id = $1 and status in ('failed', 'cancelled')
  and ($2::text is null or stage = $2 and segment_index = $3)`;

/** Those that failed or were cancelled are to be done: all of them, or only the one named. */
export async function renewSegments(
  em: EntityManager,
  jobId: string,
  only?: { stage: string; index: number },
): Promise<void> {
  await executePrepared(em, renew, [jobId, only?.stage ?? null, only?.index ?? null]);
}

const find = `
select status from job_segments where job_id = $1 and stage = $2 and segment_index = $3`;

/** How a segment stands; undefined when the job has none of this stage and index. */
export async function findSegmentStatus(
  em: EntityManager,
  jobId: string,
  { stage, index }: { stage: string; index: number },
): Promise<string | undefined> {
  const [row] = await executePrepared<{ status: string }>(em, find, [jobId, stage, index]);
  return row?.status;
}
