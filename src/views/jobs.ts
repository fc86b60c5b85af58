import { z } from 'zod';
import { type ErrorCode, TesseraError, errorTable } from '../errors.ts';
import { moment, uuid } from './columns.ts';

export const jobStatus = z.enum(['pending', 'queued', 'running', 'failed', 'completed', 'cancelled']);
export type JobStatus = z.infer<typeof jobStatus>;

/** What happened and what to do. */
const errorView = z.object({ code: z.string(), message: z.string(), remedy: z.string() });

/** How far one stage of a job is: what a bar of its own shows. */
const stageView = z.object({
  name: z.string(),
  /** Its share of the work; only the proportions count. */
  weight: z.number(),
  /** 0–100. */
  progress: z.number(),
  /** Of a stage that is divided, how many segments are done and have failed. */
  segments: z.object({ total: z.number(), completed: z.number(), failed: z.number() }).nullable(),
});
export type StageView = z.infer<typeof stageView>;

/** From -10 to 10: among the waiting jobs of one project the higher goes first. */
export const jobPriority = z.number().int().min(-10).max(10);

export const jobView = z.object({
  id: uuid,
  projectId: uuid.nullable(),
  userId: uuid.nullable(),
  jobType: z.string(),
  status: jobStatus,
  /** 0–100; 100 only when the outputs exist. */
  progress: z.number(),
  attempts: z.number(),
  priority: z.number(),
  /** Credits that it was charged so far. */
  costCredits: z.number(),
  /** In their order; empty before a worker first took it. */
  stages: z.array(stageView),
  /** What happened and what to do, when the job failed. */
  error: errorView.nullable(),
  createdAt: moment,
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  updatedAt: moment,
});
export type JobView = z.infer<typeof jobView>;

/** A part of a job that is done, fails and is paid by itself. */
const segmentView = z.object({
  id: uuid,
  stage: z.string(),
  /** From 0, within its stage. */
  index: z.number(),
  label: z.string().nullable(),
  /** Its place in a film or a recording. */
  startMs: z.number().nullable(),
  endMs: z.number().nullable(),
  status: jobStatus,
  attempts: z.number(),
  /** Credits that it was charged. */
  costCredits: z.number(),
  /** What happened and what to do, when it failed. */
  error: errorView.nullable(),
  createdAt: moment,
  finishedAt: moment.nullable(),
});
type SegmentView = z.infer<typeof segmentView>;

/** A row of `job_segments`. */
export interface SegmentRow extends Omit<SegmentView, 'error'> {
  errorCode: string | null;
  errorMessage: string | null;
}

export function viewSegment({ errorCode, errorMessage, ...row }: SegmentRow): SegmentView {
  return { ...row, error: viewError(errorCode, errorMessage) };
}

/** What `jobs.watch` yields: the latest state of a job, not a history. */
export const jobProgress = z.object({
  jobId: uuid,
  status: jobStatus,
  progress: z.number(),
  stage: z.string().nullable(),
  message: z.string().nullable(),
  stages: z.array(stageView),
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
  priority?: number | undefined;
  costCredits?: number | undefined;
  stages?: StageView[] | undefined;
}

/** What to do about an error that was stored by its code; the remedies that jobs end with have no placeholders. */
function remedyOf(code: string): string {
  return code in errorTable ? new TesseraError(code as ErrorCode).remedy : '';
}

function viewError(code: string | null | undefined, message: string | null | undefined): JobView['error'] {
  return code ? { code, message: message ?? '', remedy: remedyOf(code) } : null;
}

export function viewJob(job: JobRow): JobView {
  return {
    id: job.id,
    projectId: job.projectId ?? null,
    userId: job.userId ?? null,
    jobType: job.jobType,
    status: job.status,
    progress: job.progress,
    attempts: job.attempts,
    priority: job.priority ?? 0,
    costCredits: job.costCredits ?? 0,
    stages: job.stages ?? [],
    error: viewError(job.errorCode, job.errorMessage),
    createdAt: job.createdAt,
    startedAt: job.startedAt ?? null,
    finishedAt: job.finishedAt ?? null,
    updatedAt: job.updatedAt,
  };
}

/** A job's state as its row tells it; stage and message are known only to who runs it, and to a failed job. */
export function viewJobProgress(
  job: Pick<JobRow, 'id' | 'status' | 'progress' | 'updatedAt' | 'errorMessage' | 'stages'>,
): JobProgress {
  return {
    jobId: job.id,
    status: job.status,
    progress: job.progress,
    stage: null,
    message: job.errorMessage ?? null,
    stages: job.stages ?? [],
    updatedAt: job.updatedAt,
  };
}
