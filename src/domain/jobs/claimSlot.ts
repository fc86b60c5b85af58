import type { EntityManager } from '@mikro-orm/postgresql';
import { Job } from '../../entities/jobs/Job.ts';
import { fail } from '../../errors.ts';

/** Kinds of which a project has one under way at a time. */
const exclusive = new Set(['repositories.sync']);

/**
 * Makes sure that a job of this kind may be queued in the project. Two callers at once: the second waits
 * here for the first's commit, and then finds its job.
 * @param slot.jobId the job that wants the slot, if it exists already.
 * @throws JOB_ALREADY_RUNNING with the id of the job that is queued or running.
 */
export async function claimSlot(
  em: EntityManager,
  { projectId, jobType, jobId }: { projectId: string; jobType: string; jobId?: string },
): Promise<void> {
  if (!exclusive.has(jobType)) return;
  await em.execute(
    'select pg_advisory_xact_lock(hashtextextended(?, 0))',
    [`jobs:${jobType}:${projectId}`],
    'run',
  );
  const underWay = { projectId, jobType, status: { $in: ['pending', 'queued', 'running'] as const } };
  const other = await em.findOne(Job, jobId ? { ...underWay, id: { $ne: jobId } } : underWay);
  if (other) fail('JOB_ALREADY_RUNNING', { jobId: other.id });
}
