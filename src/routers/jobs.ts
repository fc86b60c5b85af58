import { z } from 'zod';
import { cancelJob } from '../domain/jobs/cancelJob.ts';
import { prioritizeJob } from '../domain/jobs/prioritizeJob.ts';
import { retryJob, retrySegment } from '../domain/jobs/retryJob.ts';
import { fail } from '../errors.ts';
import { LaneWatch } from '../events/watch.ts';
import { uuid } from '../views/columns.ts';
import {
  type JobProgress,
  jobPriority,
  jobStatus,
  viewJob,
  viewJobProgress,
  viewSegment,
} from '../views/jobs.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { findJobRow } from '../views/sql/findJobRow.ts';
import { listActiveJobs } from '../views/sql/listActiveJobs.ts';
import { listJobs } from '../views/sql/listJobs.ts';
import { listSegments } from '../views/sql/listSegments.ts';
import { line } from './freeText.ts';
import { signOutputs } from './jobOutputs.ts';
import { project, router } from './trpc.ts';

/** Jobs that a watcher of the whole project is told of at first; later ones come as they move. */
const mostActive = 200;

export const jobs = router({
  /** One job with its status and progress, what went wrong when it failed, and where its outputs are read when it completed. */
  get: project.query('jobs.get', { jobId: uuid }, async ({ ctx, input }) => {
    const row = await findJobRow(ctx.reads, input.jobId, ctx.projectId);
    if (!row) return fail('NOT_FOUND', { thing: 'job' });
    return { ...viewJob(row), outputs: await signOutputs(ctx, row) };
  }),

  /** The project's jobs, newest first. */
  list: project.query(
    'jobs.list',
    { ...page, status: jobStatus.optional(), jobType: line(100).optional() },
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

  /**
   * The segments of a job as they are now, stage by stage in the order in which it came to them: which are done,
   * which have failed and why, and what each was charged.
   */
  segments: project.query(
    'jobs.segments',
    { ...page, jobId: uuid, stage: line(100).optional(), status: jobStatus.optional() },
    async ({ ctx, input }) => {
      const job = await findJobRow(ctx.reads, input.jobId, ctx.projectId);
      if (!job) return fail('NOT_FOUND', { thing: 'job' });
      const rows = await listSegments(ctx.reads, {
        jobId: input.jobId,
        stage: input.stage,
        status: input.status,
        after: readCursor(input.cursor),
        limit: input.limit + 1,
      });
      return toPage(rows, input.limit, viewSegment);
    },
  ),

  /** Ends a job that is not over; one that runs is stopped within a moment, and leaves nothing half done. */
  cancel: project.mutation('jobs.cancel', { jobId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => cancelJob(em, { projectId: ctx.projectId, jobId: input.jobId }), viewJob),
  ),

  /** Queues a failed or cancelled job anew; segments that are done stay done. */
  retry: project.mutation('jobs.retry', { jobId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => retryJob(em, { projectId: ctx.projectId, jobId: input.jobId }), viewJob),
  ),

  /** Queues a failed or cancelled job anew for one of its segments that failed or was cancelled. */
  retrySegment: project.mutation(
    'jobs.retrySegment',
    { jobId: uuid, stage: line(100), index: z.number().int().min(0).max(2_147_483_647) },
    ({ ctx, input }) =>
      ctx.write(
        (em) =>
          retrySegment(em, {
            projectId: ctx.projectId,
            jobId: input.jobId,
            stage: input.stage,
            index: input.index,
          }),
        viewJob,
      ),
  ),

  /** Lets a waiting job go before or after the others that wait in its project: from -10 to 10, the higher first. */
  prioritize: project.mutation('jobs.prioritize', { jobId: uuid, priority: jobPriority }, ({ ctx, input }) =>
    ctx.write(
      (em) => prioritizeJob(em, { projectId: ctx.projectId, jobId: input.jobId, priority: input.priority }),
      viewJob,
    ),
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
      reauthorizer: ctx.reauthorizer('jobs.watch'),
    });
  }),
});
