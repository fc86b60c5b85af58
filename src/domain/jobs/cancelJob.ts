import type { EntityManager } from '@mikro-orm/postgresql';
import type { Job } from '../../entities/jobs/Job.ts';
import { announceJob } from '../../jobs/enqueue.ts';
import { releaseJob } from '../credits/holdForJob.ts';
import { findJob } from './findJob.ts';
import { cancelSegments } from './sql/changeSegments.ts';

/**
 * Ends a job that is not over. One that runs is stopped by its worker, which hears of it at once; whatever
 * it has not committed by now it never will. Credits that it still holds are given back.
 * @throws NOT_FOUND, JOB_NOT_CANCELLABLE
 */
export async function cancelJob(
  em: EntityManager,
  input: { projectId: string; jobId: string },
): Promise<Job> {
  const job = await findJob(em, input);
  job.cancel(new Date());
  await cancelSegments(em, job.id);
  await releaseJob(em, job.id);
  announceJob(em, job, 'job.cancelled');
  return job;
}
