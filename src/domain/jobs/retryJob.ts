import type { EntityManager } from '@mikro-orm/postgresql';
import type { Job } from '../../entities/jobs/Job.ts';
import { fail } from '../../errors.ts';
import { requeueJob } from '../../jobs/enqueue.ts';
import { holdAgain } from '../credits/holdForJob.ts';
import { claimSlot } from './claimSlot.ts';
import { findJob } from './findJob.ts';
import { findSegmentStatus, renewSegments } from './sql/changeSegments.ts';

interface OfJob {
  projectId: string;
  jobId: string;
}

/** Which segment of a job: its stage, and its number in it. */
interface OfSegment {
  stage: string;
  index: number;
}

async function retry(em: EntityManager, job: Job, only?: OfSegment): Promise<Job> {
  job.retry();
  if (job.projectId) await claimSlot(em, { projectId: job.projectId, jobType: job.jobType, jobId: job.id });
  await renewSegments(em, job.id, only);
  await holdAgain(em, job);
  await requeueJob(em, job);
  return job;
}

/**
 * Queues a failed or cancelled job anew, with the params it had. Segments that are done stay done, all others
 * are to be done. What it was not charged is held again.
 * @throws NOT_FOUND, JOB_NOT_RETRYABLE, JOB_ALREADY_RUNNING when the project has another of its kind under way,
 *   CREDITS_NOT_ENOUGH, CREDITS_IN_DEBT
 */
export async function retryJob(em: EntityManager, input: OfJob): Promise<Job> {
  return retry(em, await findJob(em, input));
}

/**
 * Queues a failed or cancelled job anew for one segment that failed or was cancelled; others that did stay as
 * they are.
 * @throws as retryJob; JOB_SEGMENT_NOT_RETRYABLE
 */
export async function retrySegment(em: EntityManager, input: OfJob & OfSegment): Promise<Job> {
  const job = await findJob(em, input);
  const status = (await findSegmentStatus(em, job.id, input)) ?? fail('NOT_FOUND', { thing: 'segment' });
  if (status !== 'failed' && status !== 'cancelled') fail('JOB_SEGMENT_NOT_RETRYABLE', { status });
  return retry(em, job, input);
}
