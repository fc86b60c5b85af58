import { z } from 'zod';
import { type JobDefinition, defineJob } from '../../../src/jobs/defineJob.ts';

export const stagedType = 'killed.stages';
export const segmentsOfStage = 3;

/**
 * Two stages in segments, and one between them that is not divided. `visit` is called at each step; a job names in
 * its params where its first worker is to stand still.
 */
export function makeStagedJob(
  visit: (jobId: string, step: string, stop: string) => Promise<void>,
): JobDefinition {
  return defineJob({
    type: stagedType,
    params: z.object({ stop: z.string() }),
    stages: { cut: 1, between: 1, join: 1 },
    quote: () => 2 * segmentsOfStage,
    async run(job, { stop }) {
      const items = Array.from({ length: segmentsOfStage }, (_, input) => ({ input, units: 1 }));
      await job.segments('cut', items, ({ index }) => visit(job.jobId, `cut ${index}`, stop));
      await visit(job.jobId, 'between', stop);
      await job.segments('join', items, ({ index }) => visit(job.jobId, `join ${index}`, stop));
    },
  });
}
