import type { EntityManager } from '@mikro-orm/postgresql';

/** The one task of graphile-worker that all jobs run under; which handler it is says the row in `jobs`. */
export const taskName = 'tessera';

const add = `
select graphile_worker.add_job(
  ?, json_build_object('jobId', ?::text), job_key => ?::text, max_attempts => 1,
  run_at => now() + make_interval(secs => ?)
)`;

/**
 * Adds the job to graphile-worker's queue, in the caller's transaction, at most once: its id is the key. If
 * a worker holds an earlier entry of it, that one is let go and a new one made. Tried once there: attempts
 * are counted in `jobs`.
 */
export async function addToQueue(em: EntityManager, jobId: string, delaySeconds = 0): Promise<void> {
  await em.execute(add, [taskName, jobId, jobId, delaySeconds], 'run');
}

/** Takes the job out of the queue; one that a worker has started already only loses its key. */
export async function removeFromQueue(em: EntityManager, jobId: string): Promise<void> {
  await em.execute('select graphile_worker.remove_job(?)', [jobId], 'run');
}
