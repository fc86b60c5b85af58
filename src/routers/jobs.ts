import { z } from 'zod';
import { cancelJob } from '../domain/jobs/cancelJob.ts';
import { retryJob } from '../domain/jobs/retryJob.ts';
import { fail } from '../errors.ts';
import { LaneWatch } from '../events/watch.ts';
import { uuid } from '../views/columns.ts';
import { type JobProgress, jobStatus, viewJob, viewJobProgress } from '../views/jobs.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { findJobRow } from '../views/sql/findJobRow.ts';
import { listActiveJobs } from '../views/sql/listActiveJobs.ts';
import { listJobs } from '../views/sql/listJobs.ts';
import { project, router } from './trpc.ts';

/** Jobs that a watcher of the whole project is told of at first; later ones come as they move. */
const mostActive = 200;

export const jobs = router({
  /** One job with its status and progress, and what went wrong when it failed. */
  get: project.query('jobs.get', { jobId: uuid }, async ({ ctx, input }) => {
    const row = await findJobRow(ctx.reads, input.jobId, ctx.projectId);
    return row ? viewJob(row) : fail('NOT_FOUND', { thing: 'job' });
  }),

  /** The project's jobs, newest first. */
  list: project.query(
    'jobs.list',
    { ...page, status: jobStatus.optional(), jobType: z.string().max(100).optional() },
    async ({ ctx, input }) => {
      const rows = await listJobs(ctx.reads, {
        projectId: ctx.projectId,
        status: input.status,
        jobType: input.jobType,
        after: readCursor(input.cursor),
        limit: input.limit + 1,
      });
      return toPage(rows, input.limit, viewJob);
    },
  ),

  /** Ends a job that is not over; one that runs is stopped within a moment, and leaves nothing half done. */
  cancel: project.mutation('jobs.cancel', { jobId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => cancelJob(em, { projectId: ctx.projectId, jobId: input.jobId }), viewJob),
  ),

  /** Queues a failed or cancelled job anew. */
  retry: project.mutation('jobs.retry', { jobId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => retryJob(em, { projectId: ctx.projectId, jobId: input.jobId }), viewJob),
  ),

  /**
   * Status and progress as they change: first as they stand, of one job or of all that are not over, then
   * each latest value. Values in between may be left out; the last one of a job never is.
   */
  watch: project.subscription('jobs.watch', { jobId: uuid.optional() }, ({ ctx, input }) => {
    const { projectId } = ctx;
    const { jobId } = input;
    return new LaneWatch<JobProgress>(ctx.feed, {
      stream: `project:${projectId}`,
      lane: 'jobs',
      wants: (progress) => jobId === undefined || progress.jobId === jobId,
      snapshot: async (client) => {
        if (jobId === undefined)
          return (await listActiveJobs(client, projectId, mostActive)).map(viewJobProgress);
        const row = await findJobRow(client, jobId, projectId);
        return row ? [viewJobProgress(row)] : fail('NOT_FOUND', { thing: 'job' });
      },
      reauthorize: ctx.reauthorize('jobs.watch'),
    });
  }),
});
