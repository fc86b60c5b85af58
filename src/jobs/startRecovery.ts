import { type Cause, transact } from '../database/transaction.ts';
import { recoverJob } from '../domain/jobs/recoverJob.ts';
import { suspendForgotten } from '../domain/jobs/suspendJobs.ts';
import { findAbandoned } from './sql/findAbandoned.ts';
import { findUnreachable } from './sql/findUnreachable.ts';
import { tendQueue } from './sql/tendQueue.ts';
import type { Workshop } from './Workshop.ts';

const cause: Cause = { actorId: null, via: 'worker' };
/** Three heartbeats missed; with the time between two looks, a job is taken up within ten seconds. */
export const silentSeconds = 6;
export const everyMs = 2_000;
/** What is rare is looked for once a minute. */
const roundsBetweenTending = 30;

/** Takes the jobs of dead workers, of every node, into the queue again. */
async function recoverAbandoned({ orm, pool, handlers, runs, services }: Workshop): Promise<void> {
  // A process that stood still may not take its own jobs for dead: their heartbeats are on the way.
  const attempts = await findAbandoned(pool, {
    silentSeconds,
    types: [...handlers.keys()],
    except: [...runs.keys()],
  });
  for (const attempt of attempts) {
    services.log.warn(attempt, 'a job gave no sign of life and is taken from its worker');
    await transact(orm, cause, (em) => recoverJob(em, attempt));
  }
}

/** Deleting a project takes its jobs out of the queue; this takes those that had just left it, or came after. */
async function suspendUnreachable({ orm, pool }: Workshop): Promise<void> {
  for (const projectId of await findUnreachable(pool))
    await transact(orm, cause, (em) => suspendForgotten(em, projectId));
}

/**
 * Looks for abandoned jobs now and every two seconds, in every worker.
 * @returns what ends it, and waits for the round that is on its way.
 */
export function startRecovery(workshop: Workshop): () => Promise<void> {
  let round = 0;
  let running: Promise<void> | undefined;
  async function recover(): Promise<void> {
    try {
      await recoverAbandoned(workshop);
      await suspendUnreachable(workshop);
      if (round % roundsBetweenTending === 0) await tendQueue(workshop.pool);
      round += 1;
    } catch (error) {
      workshop.services.log.warn({ err: error }, 'looking for abandoned jobs failed; it is tried again');
    }
  }
  const begin = () => {
    running ??= recover().finally(() => (running = undefined));
  };
  begin();
  const timer = setInterval(begin, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
