import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Job } from '../../entities/jobs/Job.ts';
import { fail } from '../../errors.ts';

/** A job of the project, to be changed: its row is locked. @throws NOT_FOUND, also for another project's. */
export async function findJob(
  em: EntityManager,
  { projectId, jobId }: { projectId: string; jobId: string },
): Promise<Job> {
  const job = await em.findOne(Job, { id: jobId, projectId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  return job ?? fail('NOT_FOUND', { thing: 'job' });
}
