import type { JobProgress } from '../../kit/live/useLiveJobs.ts';
import type { Job } from './JobStatus.tsx';

/** A job with what was told of its progress since it was read. */
export function withProgress<J extends Job>(
  job: J,
  told: JobProgress | undefined,
): J & { message: string | null } {
  if (!told || told.updatedAt < job.updatedAt) return { ...job, message: null };
  const { status, progress, stages, message, updatedAt } = told;
  return { ...job, status, progress, stages: stages.length > 0 ? stages : job.stages, message, updatedAt };
}
