import { type Cause, transact } from '../database/transaction.ts';
import { recoverJob, requeueLostJob } from '../domain/jobs/recoverJob.ts';
import { findAbandoned } from './sql/findAbandoned.ts';
import { findLost } from './sql/findLost.ts';
import { tendQueue } from './sql/tendQueue.ts';
import type { Workshop } from './Workshop.ts';

const cause: Cause = { actorId: null, via: 'worker' };
/** Five heartbeats missed. */
const silentSeconds = 10;
const everyMs = 5_000;
/** What is rare is looked for in every twelfth round. */
const roundsBetweenTending = 12;
/** A worker that starts may follow one that was killed: once that one's silence is long enough, its queue is looked through. */
const firstLookRound = Math.floor((silentSeconds * 1000) / everyMs) + 1;

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

async function recoverLost({ orm, pool, handlers, services }: Workshop): Promise<void> {
  const ids = await findLost(pool, { types: [...handlers.keys()], lockedSeconds: silentSeconds });
  for (const jobId of ids) {
    services.log.warn({ jobId }, 'a queued job was not in the queue and is put there again');
    await transact(orm, cause, (em) => requeueLostJob(em, jobId));
  }
}

/**
 * Looks for abandoned jobs now and every five seconds, in every worker; for lost ones now, a quarter of a
 * minute later, and every minute.
 * @returns what ends it, and waits for the round that is on its way.
 */
export function startRecovery(workshop: Workshop): () => Promise<void> {
  let round = 0;
  let running: Promise<void> | undefined;
  async function recover(): Promise<void> {
    try {
      await recoverAbandoned(workshop);
      if (round % roundsBetweenTending === 0 || round === firstLookRound) {
        await recoverLost(workshop);
        await tendQueue(workshop.pool);
      }
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
