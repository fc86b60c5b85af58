import type { EntityManager } from '@mikro-orm/postgresql';
import type { Job } from '../../entities/jobs/Job.ts';
import { requeueJob } from '../../jobs/enqueue.ts';
import { holdAgain } from '../credits/holdForJob.ts';
import { claimSlot } from './claimSlot.ts';
import { findJob } from './findJob.ts';

/**
 * Queues a failed or cancelled job anew, with the params it had. What it was not charged is held again.
 * @throws NOT_FOUND, JOB_NOT_RETRYABLE, JOB_ALREADY_RUNNING when the project has another of its kind under way,
 *   CREDITS_NOT_ENOUGH, CREDITS_IN_DEBT
 */
export async function retryJob(em: EntityManager, input: { projectId: string; jobId: string }): Promise<Job> {
  const job = await findJob(em, input);
  job.retry();
  await claimSlot(em, { projectId: input.projectId, jobType: job.jobType, jobId: job.id });
  await holdAgain(em, job);
  await requeueJob(em, job);
  return job;
}
