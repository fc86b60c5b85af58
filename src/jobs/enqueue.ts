/** How the layers below the workers put work in the queue and say what became of it. */
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { afterCommit, ormOf } from '../database/transaction.ts';
import type { Job } from '../entities/jobs/Job.ts';
import { audit } from '../events/audit.ts';
import { emit } from '../events/emit.ts';
import { type JobProgress, type JobRow, viewJob, viewJobProgress } from '../views/jobs.ts';
import { insertJob } from './sql/insertJob.ts';
import { delayJob } from './sql/queue.ts';

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
export function announceJob(em: EntityManager, job: JobRow, type: JobEvent): void {
  const { projectId } = job;
  // A job outlives its project as history; nobody is left to tell.
  if (!projectId) return;
  emit(em, `project:${projectId}`, type, () => viewJob(job));
  const orm = ormOf(em);
  afterCommit(em, () => publishProgress(orm, projectId, viewJobProgress(job)));
}

/** What a new job costs: for each unit of work, and what holds the price of all of them once its row is there. */
interface Admitted {
  unitPrice: number;
  hold?: (em: EntityManager, jobId: string) => Promise<void>;
}

/** Checks and prices a new job in the transaction that queues it; throws to refuse it. */
export type Admission = (job: NewJob) => Admitted;

const admissions = new WeakMap<MikroORM, Admission>();

/** Says how this server's new jobs are admitted; the composition gives what the handlers declare. */
export function admitJobsBy(orm: MikroORM, admit: Admission): void {
  admissions.set(orm, admit);
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
  /** From -10 to 10; among the waiting jobs of one project the higher goes first. Default: 0. */
  priority?: number;
}

/**
 * Queues a job in the caller's transaction: rolled back, there was never one; committed, a worker starts it
 * within milliseconds. What its handler quotes is held from the project's owner in the same transaction.
 * @throws JOB_PARAMS_REFUSED when the handler does not take these params; CREDITS_NOT_ENOUGH, CREDITS_IN_DEBT
 */
export async function enqueueJob(em: EntityManager, job: NewJob): Promise<JobRow> {
  const { unitPrice, hold } = admissions.get(ormOf(em))?.(job) ?? { unitPrice: 0 };
  const row = await insertJob(em, { ...job, unitPrice });
  await hold?.(em, row.id);
  const { jobType, projectId, userId, params } = job;
  audit(em, {
    action: 'create',
    entityType: 'jobs',
    entityId: row.id,
    projectId,
    changes: {
      jobType: { new: jobType },
      projectId: { new: projectId },
      userId: { new: userId },
      status: { new: row.status },
      priority: { new: row.priority },
      unitPrice: { new: unitPrice },
      metadata: { new: params },
    },
  });
  announceJob(em, row, 'job.queued');
  return row;
}

/** Puts a job in the queue again. @param delaySeconds it does not start before then. */
export async function requeueJob(em: EntityManager, job: Job, delaySeconds = 0): Promise<void> {
  job.status = 'queued';
  if (delaySeconds > 0) await delayJob(em, job.id, delaySeconds);
  announceJob(em, job, 'job.queued');
}
