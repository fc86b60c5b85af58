import { z } from 'zod';
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
