/** How the layers below the workers put work in the queue and say what became of it. */
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { afterCommit, ormOf } from '../database/transaction.ts';
import { Job } from '../entities/jobs/Job.ts';
import { emit } from '../events/emit.ts';
import { type JobProgress, viewJob, viewJobProgress } from '../views/jobs.ts';
import { addToQueue } from './sql/queue.ts';

type JobEvent = 'job.queued' | 'job.started' | 'job.completed' | 'job.failed' | 'job.cancelled';
type ProgressListener = (projectId: string, progress: JobProgress) => void;

const listeners = new WeakMap<MikroORM, ProgressListener>();

/** Says where the states of this server's jobs go after a commit; the composition gives the bus's lane. */
export function publishProgressTo(orm: MikroORM, listener: ProgressListener): void {
  listeners.set(orm, listener);
}

/** Tells a job's latest value to whoever watches it, on any node. */
export function publishProgress(orm: MikroORM, projectId: string, progress: JobProgress): void {
  listeners.get(orm)?.(projectId, progress);
}

/** Tells a transition: as an event of the project's stream, and after the commit as the job's latest value. */
export function announceJob(em: EntityManager, job: Job, type: JobEvent): void {
  const { projectId } = job;
  // A job outlives its project as history; nobody is left to tell.
  if (!projectId) return;
  emit(em, `project:${projectId}`, type, () => viewJob(job));
  const orm = ormOf(em);
  afterCommit(em, () => publishProgress(orm, projectId, viewJobProgress(job)));
}

export interface NewJob {
  /** Client-made, for idempotent creation. */
  id?: string | undefined;
  /** `area.verb` of a handler. */
  jobType: string;
  projectId: string;
  /** Who asked for it; its changes are theirs in the audit log. */
  userId: string;
  /** What the handler's schema takes. */
  params: Record<string, unknown>;
}

/**
 * Queues a job in the caller's transaction: rolled back, there was never one; committed, a worker starts it
 * within milliseconds.
 */
export async function enqueueJob(
  em: EntityManager,
  { id, jobType, projectId, userId, params }: NewJob,
): Promise<Job> {
  const job = em.create(Job, {
    ...(id ? { id } : {}),
    jobType,
    projectId,
    userId,
    status: 'queued',
    metadata: params,
  });
  await addToQueue(em, job);
  announceJob(em, job, 'job.queued');
  return job;
}

/** Puts a job back in the queue whose row says `queued` (again). @param delaySeconds not before then. */
export async function requeueJob(em: EntityManager, job: Job, delaySeconds = 0): Promise<void> {
  await addToQueue(em, job, delaySeconds);
  announceJob(em, job, 'job.queued');
}
