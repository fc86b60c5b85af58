import type { EntityManager } from '@mikro-orm/postgresql';
import { audit } from '../../events/audit.ts';
import { announceJob } from '../../jobs/enqueue.ts';
import { isProjectDeleted, putInQueue, takeFromQueue } from './sql/suspendJobs.ts';

function recordStatus(em: EntityManager, projectId: string, job: { id: string; old: string; now: string }) {
  audit(em, {
    action: 'update',
    entityType: 'jobs',
    entityId: job.id,
    projectId,
    changes: { status: { old: job.old, new: job.now } },
  });
}

/**
 * Lets the jobs of a project that is deleted wait for it to be restored: none starts, and those that run are taken from
 * their workers, which hear of it within moments and write nothing more. What is done of them stays done. The row of
 * the project must be locked.
 */
export async function suspendJobs(em: EntityManager, projectId: string): Promise<void> {
  for (const { id, before } of await takeFromQueue(em, projectId))
    recordStatus(em, projectId, { id, old: before, now: 'pending' });
}

/** The same for a project that was deleted before; does nothing when it was restored meanwhile. */
export async function suspendForgotten(em: EntityManager, projectId: string): Promise<void> {
  if (await isProjectDeleted(em, projectId)) await suspendJobs(em, projectId);
}

/** Queues the jobs that waited for their project to be restored. The row of the project must be locked. */
export async function resumeJobs(em: EntityManager, projectId: string): Promise<void> {
  for (const job of await putInQueue(em, projectId)) {
    recordStatus(em, projectId, { id: job.id, old: 'pending', now: 'queued' });
    announceJob(em, job, 'job.queued');
  }
}
