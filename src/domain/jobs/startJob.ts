import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Job } from '../../entities/jobs/Job.ts';
import { announceJob } from '../../jobs/enqueue.ts';

/**
 * Starts a queued job: one more attempt, and a heartbeat by the database's clock, which is the same for all
 * workers. Progress stays where an earlier attempt left it, so that nobody sees it go back.
 * @returns null when the job is not queued (cancelled meanwhile, or started elsewhere), or its project is gone.
 */
export async function startJob(
  em: EntityManager,
  jobId: string,
): Promise<(Job & { projectId: string }) | null> {
  const where = { id: jobId, status: 'queued' as const };
  const job = await em.findOne(Job, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!job?.projectId) return null;
  job.status = 'running';
  job.attempts += 1;
  job.startedAt = new Date();
  await em.execute('update jobs set heartbeat_at = now() where id = ?', [jobId], 'run');
  announceJob(em, job, 'job.started');
  return job as Job & { projectId: string };
}
