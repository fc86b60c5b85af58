import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Job } from '../../entities/jobs/Job.ts';

/** One start of a job. Its number is the fence: whoever holds an older one may not write any more. */
export interface Attempt {
  jobId: string;
  attempt: number;
}

/**
 * Locks the row of a job that still runs under this attempt, until the transaction ends; null when the job
 * was cancelled, or given to another worker because this one gave no sign of life.
 */
export async function holdAttempt(em: EntityManager, { jobId, attempt }: Attempt): Promise<Job | null> {
  const where = { id: jobId, attempts: attempt, status: 'running' as const };
  return em.findOne(Job, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/**
 * How often a job is started for one request of a person before it is given up; attempts are counted on
 * when it is retried, so the limit is reached at each multiple.
 */
export const attemptsPerRequest = 5;
