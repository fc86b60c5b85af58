import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';

/**
 * The channel on which a commit that queues a job tells every worker. The row that says `queued` is the job's place
 * in the queue, so nothing can be in one and not in the other; a trigger on it does the telling.
 * (`graphile_worker.add_job` in the transaction was rejected for jobs: it adds 1.2 ms, keeps other writers waiting,
 * and knows no limits and no fair share.)
 */
export const queueChannel = 'tessera_jobs';

const delay = `update jobs set run_at = now() + make_interval(secs => $2) where id = $1`;

/** Keeps a job from starting for so many seconds. */
export async function delayJob(em: EntityManager, jobId: string, seconds: number): Promise<void> {
  await executePrepared(em, delay, [jobId, seconds]);
}

const wake = `select graphile_worker.add_job(?, '{}'::json, job_key => ?::text, max_attempts => 1)`;

/** Has recurring work done as soon as the transaction has committed, besides its times; asked for often, it is done once. */
export async function wakeRecurring(em: EntityManager, name: string): Promise<void> {
  await em.execute(wake, [name, name], 'run');
}
