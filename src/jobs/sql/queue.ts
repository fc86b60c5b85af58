import type { EntityManager } from '@mikro-orm/postgresql';

const add = `
select graphile_worker.add_job(
  ?, json_build_object('jobId', ?::text), job_key => ?::text, max_attempts => 1,
  run_at => now() + make_interval(secs => ?)
)`;

/**
 * Adds the job to graphile-worker's queue, in the caller's transaction, at most once: its id is the key. If
 * a worker holds an earlier entry of it, that one is let go and a new one made. Its kind is the task, so that
 * a worker of an older release leaves it to one that knows it. Tried once there: attempts are counted in
 * `jobs`.
 */
export async function addToQueue(
  em: EntityManager,
  { id, jobType }: { id: string; jobType: string },
  delaySeconds = 0,
): Promise<void> {
  await em.execute(add, [jobType, id, id, delaySeconds], 'run');
}

/** Takes the job out of the queue; one that a worker has started already only loses its key. */
export async function removeFromQueue(em: EntityManager, jobId: string): Promise<void> {
  await em.execute('select graphile_worker.remove_job(?)', [jobId], 'run');
}

const wake = `select graphile_worker.add_job(?, '{}'::json, job_key => ?::text, max_attempts => 1)`;

/** Has recurring work done as soon as the transaction has committed, besides its times; asked for often, it is done once. */
export async function wakeRecurring(em: EntityManager, name: string): Promise<void> {
  await em.execute(wake, [name, name], 'run');
}
