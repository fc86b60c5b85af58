import { z } from 'zod';
import { type ErrorCode, TesseraError, errorTable } from '../errors.ts';
import { moment, uuid } from './columns.ts';

export const jobStatus = z.enum(['pending', 'queued', 'running', 'failed', 'completed', 'cancelled']);
export type JobStatus = z.infer<typeof jobStatus>;

export const jobView = z.object({
  id: uuid,
  projectId: uuid.nullable(),
  userId: uuid.nullable(),
  jobType: z.string(),
  status: jobStatus,
  /** 0–100; 100 only when the outputs exist. */
  progress: z.number(),
  attempts: z.number(),
  /** What happened and what to do, when the job failed. */
  error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  createdAt: moment,
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  updatedAt: moment,
});
export type JobView = z.infer<typeof jobView>;

/** What `jobs.watch` yields: the latest state of a job, not a history. */
export const jobProgress = z.object({
  jobId: uuid,
  status: jobStatus,
  progress: z.number(),
  stage: z.string().nullable(),
  message: z.string().nullable(),
  updatedAt: moment,
});
export type JobProgress = z.infer<typeof jobProgress>;

/** A job as a row of `jobs` or as the entity, whose optional columns are undefined before the first flush. */
export interface JobRow extends Pick<
  JobView,
  'id' | 'jobType' | 'status' | 'progress' | 'attempts' | 'createdAt' | 'updatedAt'
> {
  projectId?: string | null | undefined;
  userId?: string | null | undefined;
  errorCode?: string | null | undefined;
  errorMessage?: string | null | undefined;
  startedAt?: Date | null | undefined;
  finishedAt?: Date | null | undefined;
}

/** What to do about an error that was stored by its code; the remedies that jobs end with have no placeholders. */
function remedyOf(code: string): string {
  return code in errorTable ? new TesseraError(code as ErrorCode).remedy : '';
}

export function viewJob(job: JobRow): JobView {
  const { errorCode } = job;
  return {
    id: job.id,
    projectId: job.projectId ?? null,
    userId: job.userId ?? null,
    jobType: job.jobType,
    status: job.status,
    progress: job.progress,
    attempts: job.attempts,
    error: errorCode
      ? { code: errorCode, message: job.errorMessage ?? '', remedy: remedyOf(errorCode) }
      : null,
    createdAt: job.createdAt,
    startedAt: job.startedAt ?? null,
    finishedAt: job.finishedAt ?? null,
    updatedAt: job.updatedAt,
  };
}

/** A job's state as its row tells it; stage and message are known only to who runs it, and to a failed job. */
export function viewJobProgress(
  job: Pick<JobRow, 'id' | 'status' | 'progress' | 'updatedAt' | 'errorMessage'>,
): JobProgress {
  return {
    jobId: job.id,
    status: job.status,
    progress: job.progress,
    stage: null,
    message: job.errorMessage ?? null,
    updatedAt: job.updatedAt,
  };
}
