import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Job } from '../../entities/jobs/Job.ts';
import { TesseraError } from '../../errors.ts';
import { addToQueue } from '../../jobs/sql/queue.ts';
import { failJob, handBackJob } from './endAttempt.ts';
import { type Attempt, attemptsPerRequest } from './holdAttempt.ts';

/** Takes a job from a worker that gave no sign of life: back to the queue, or failed when that happens time and again. */
export async function recoverJob(em: EntityManager, attempt: Attempt): Promise<void> {
  if (attempt.attempt % attemptsPerRequest !== 0) await handBackJob(em, attempt);
  else await failJob(em, attempt, new TesseraError('JOB_ABANDONED', { attempts: attemptsPerRequest }));
}

/** Puts a job whose row says `queued` back into a queue that lost it. Doing so twice does no harm. */
export async function requeueLostJob(em: EntityManager, jobId: string): Promise<void> {
  const job = await em.findOne(
    Job,
    { id: jobId, status: 'queued' },
    { lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE },
  );
  if (job) await addToQueue(em, job);
}
