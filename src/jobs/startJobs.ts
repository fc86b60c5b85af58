import { announceEvent } from '../events/record.ts';
import { viewJobProgress } from '../views/jobs.ts';
import { publishProgress } from './enqueue.ts';
import { type ClaimRules, type ClaimedJob, claimJobs } from './sql/claimJobs.ts';
import type { Workshop } from './Workshop.ts';

/** Takes as many waiting jobs as there are places, in their fair order, and says that they have started. */
export async function startJobs({ orm, pool }: Workshop, rules: ClaimRules): Promise<ClaimedJob[]> {
  const jobs = await claimJobs(pool, rules);
  for (const job of jobs) {
    announceEvent(orm, `project:${job.projectId}`, job.streamSeq);
    publishProgress(orm, job.projectId, viewJobProgress({ ...job, errorMessage: null }));
  }
  return jobs;
}
