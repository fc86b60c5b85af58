import type { EntityManager } from '@mikro-orm/postgresql';
import type { Job } from '../../entities/jobs/Job.ts';
import { fail } from '../../errors.ts';
import { announceJob } from '../../jobs/enqueue.ts';
import { findJob } from './findJob.ts';

/**
 * Lets a waiting job go before or after the others that wait in its project. Between projects the turn goes
 * round whatever their priorities are, so nobody is served sooner by calling everything urgent.
 * @param input.priority from -10 to 10; the higher goes first.
 * @throws NOT_FOUND, JOB_NOT_WAITING
 */
export async function prioritizeJob(
  em: EntityManager,
  { priority, ...input }: { projectId: string; jobId: string; priority: number },
): Promise<Job> {
  const job = await findJob(em, input);
  if (job.status !== 'queued') fail('JOB_NOT_WAITING', { status: job.status });
  if (job.priority === priority) return job;
  job.priority = priority;
  announceJob(em, job, 'job.queued');
  return job;
}
