import type { Outputs } from 'tessera-client';
import { client } from '../../api.ts';
import type { Live } from './LiveSource.ts';
import { sourceOf, useLive } from './useLive.ts';

/** Status and progress of a job. */
export type JobProgress = Outputs['jobs']['watch'] extends AsyncIterable<infer P> ? P : never;

/**
 * Progress by job id, live: of one job, or of all that are not over when it begins and all that move later.
 * Which jobs there are is `useLiveList('jobs', …)`.
 */
export const useLiveJobs = (projectId: string, jobId?: string): Live<ReadonlyMap<string, JobProgress>> =>
  useLive(
    sourceOf<ReadonlyMap<string, JobProgress>, JobProgress>(
      `jobs:${projectId}:${jobId ?? ''}`,
      (handlers) => client.jobs.watch.subscribe({ projectId, ...(jobId ? { jobId } : {}) }, handlers),
      (state, progress) => new Map([...(state ?? []), [progress.jobId, progress]]),
    ),
  );
