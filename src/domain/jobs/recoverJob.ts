import type { EntityManager } from '@mikro-orm/postgresql';
import { TesseraError } from '../../errors.ts';
import { failJob, handBackJob } from './endAttempt.ts';
import { type Attempt, attemptsPerRequest } from './holdAttempt.ts';

/** Takes a job from a worker that gave no sign of life: back to the queue, or failed when that happens time and again. */
export async function recoverJob(em: EntityManager, attempt: Attempt): Promise<void> {
  if (attempt.attempt % attemptsPerRequest !== 0) await handBackJob(em, attempt);
  else await failJob(em, attempt, new TesseraError('JOB_ABANDONED', { attempts: attemptsPerRequest }));
}
