import type { EntityManager } from '@mikro-orm/postgresql';
import type { StageState } from '../../entities/jobs/Job.ts';
import type { TesseraError } from '../../errors.ts';
import { announceJob, requeueJob } from '../../jobs/enqueue.ts';
import { releaseJob } from '../credits/holdForJob.ts';
import { type Attempt, holdAttempt } from './holdAttempt.ts';
import { giveBackSegments } from './sql/changeSegments.ts';

export const longestMessage = 2_000;

/** Each of these returns false, and does nothing, when the attempt no longer holds the job. */

/**
 * What happened is kept by its code, so that its remedy can be shown with it. Only what was delivered is paid.
 * @param stages how far it came; left out, as it was told last.
 */
export async function failJob(
  em: EntityManager,
  attempt: Attempt,
  error: TesseraError,
  stages?: StageState[],
): Promise<boolean> {
  const job = await holdAttempt(em, attempt);
  if (!job) return false;
  job.status = 'failed';
  job.errorCode = error.errorCode;
  job.errorMessage = error.message.slice(0, longestMessage);
  job.finishedAt = new Date();
  job.heartbeatAt = null;
  if (stages) job.stages = stages;
  await giveBackSegments(em, job.id);
  await releaseJob(em, job.id);
  announceJob(em, job, 'job.failed');
  return true;
}

/** Gives the job back to the queue: its worker stops, or could not go on for a reason that will pass. */
export async function handBackJob(em: EntityManager, attempt: Attempt, delaySeconds = 0): Promise<boolean> {
  const job = await holdAttempt(em, attempt);
  if (!job) return false;
  job.heartbeatAt = null;
  await giveBackSegments(em, job.id);
  await requeueJob(em, job, delaySeconds);
  return true;
}
