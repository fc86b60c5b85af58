import type { EntityManager } from '@mikro-orm/postgresql';
import type { TesseraError } from '../../errors.ts';
import { announceJob, requeueJob } from '../../jobs/enqueue.ts';
import { releaseJob } from '../credits/holdForJob.ts';
import { type Attempt, holdAttempt } from './holdAttempt.ts';

const longestMessage = 2_000;

/** Each of these returns false, and does nothing, when the attempt no longer holds the job. */

/** The outputs exist. What was held and not charged is given back. */
export async function completeJob(em: EntityManager, attempt: Attempt): Promise<boolean> {
  const job = await holdAttempt(em, attempt);
  if (!job) return false;
  job.status = 'completed';
  job.progress = 100;
  job.finishedAt = new Date();
  job.heartbeatAt = null;
  await releaseJob(em, job.id);
  announceJob(em, job, 'job.completed');
  return true;
}

/** What happened is kept by its code, so that its remedy can be shown with it. Only what was delivered is paid. */
export async function failJob(em: EntityManager, attempt: Attempt, error: TesseraError): Promise<boolean> {
  const job = await holdAttempt(em, attempt);
  if (!job) return false;
  job.status = 'failed';
  job.errorCode = error.errorCode;
  job.errorMessage = error.message.slice(0, longestMessage);
  job.finishedAt = new Date();
  job.heartbeatAt = null;
  await releaseJob(em, job.id);
  announceJob(em, job, 'job.failed');
  return true;
}

/** Gives the job back to the queue: its worker stops, or could not go on for a reason that will pass. */
export async function handBackJob(em: EntityManager, attempt: Attempt, delaySeconds = 0): Promise<boolean> {
  const job = await holdAttempt(em, attempt);
  if (!job) return false;
  job.status = 'queued';
  job.heartbeatAt = null;
  await requeueJob(em, job, delaySeconds);
  return true;
}
