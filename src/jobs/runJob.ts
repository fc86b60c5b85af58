import { type Cause, transact } from '../database/transaction.ts';
import { completeJob, failJob, handBackJob } from '../domain/jobs/endAttempt.ts';
import { type Attempt, attemptsPerRequest, holdAttempt } from '../domain/jobs/holdAttempt.ts';
import { startJob } from '../domain/jobs/startJob.ts';
import type { Job } from '../entities/jobs/Job.ts';
import { TesseraError } from '../errors.ts';
import { viewJobProgress } from '../views/jobs.ts';
import { findJobRow } from '../views/sql/findJobRow.ts';
import type { JobContext, JobDefinition } from './defineJob.ts';
import { publishProgress } from './enqueue.ts';
import { Interruption } from './Interruption.ts';
import { isOutage } from '../database/isOutage.ts';
import { JobRun } from './JobRun.ts';
import { ProgressMeter } from './ProgressMeter.ts';
import type { Workshop } from './Workshop.ts';

interface Started extends Attempt {
  job: Job & { projectId: string };
  definition: JobDefinition;
  cause: Cause;
  run: JobRun;
  workshop: Workshop;
}

function openContext({ job, attempt, jobId, cause, run, workshop }: Started): JobContext {
  const { services, orm } = workshop;
  return {
    ...services,
    log: services.log.child({ jobId, attempt }),
    jobId,
    projectId: job.projectId,
    signal: run.signal,
    orm,
    cause,
    progress: (stage, fraction, message) => run.report(stage, fraction, message ?? null),
    transact: (work) =>
      transact(orm, cause, async (em) => {
        const result = await work(em);
        // Last, for whoever holds the attempt keeps its heartbeat, its cancellation and its other transactions waiting.
        if (await holdAttempt(em, { jobId, attempt })) return result;
        run.interrupt('lost');
        throw run.signal.reason;
      }),
  };
}

/** Any error as one of the table; what is not ours may tell too much, so it goes to the log alone. */
function toFailure(error: unknown, { jobId, attempt, workshop }: Started): TesseraError {
  if (error instanceof TesseraError) return error;
  workshop.services.log.error({ err: error, jobId, attempt }, 'a job failed unexpectedly');
  return new TesseraError('INTERNAL', { requestId: jobId }, { cause: error });
}

/** Lets the handler work. @returns what it threw, undefined when it did its work. */
async function letWork(started: Started): Promise<{ thrown: unknown } | undefined> {
  const { definition, job } = started;
  try {
    const params = definition.params.safeParse(job.metadata);
    if (!params.success) throw new TesseraError('BAD_INPUT', {}, { cause: params.error });
    await definition.run(openContext(started), params.data);
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

/** Writes what became of the attempt. @returns false when it no longer held the job. */
async function conclude(started: Started, failure: { thrown: unknown } | undefined): Promise<boolean> {
  const { cause, run, workshop, attempt } = started;
  const { orm } = workshop;
  if (!failure) return transact(orm, cause, (em) => completeJob(em, started));
  const { reason } = run.signal;
  if (reason instanceof Interruption) {
    return reason.why === 'stopping' && transact(orm, cause, (em) => handBackJob(em, started));
  }
  const tries = attempt % attemptsPerRequest;
  if (isOutage(failure.thrown) && tries !== 0) {
    workshop.services.log.warn({ err: failure.thrown, jobId: started.jobId }, 'a job will be tried again');
    return transact(orm, cause, (em) => handBackJob(em, started, 2 ** tries));
  }
  const error = toFailure(failure.thrown, started);
  return transact(orm, cause, (em) => failJob(em, started, error));
}

/** Watchers of a job that was taken from this worker may have seen its last value after the newer one. */
async function correctLane({ jobId, job, workshop }: Started): Promise<void> {
  const row = await findJobRow(workshop.pool, jobId, null);
  if (row) publishProgress(workshop.orm, job.projectId, viewJobProgress(row));
}

async function begin(workshop: Workshop, jobId: string): Promise<Started | null> {
  const row = await findJobRow(workshop.pool, jobId, null);
  if (!row) return null;
  const definition = workshop.handlers.get(row.jobType);
  // Never so, unless someone changed the row: a worker takes only the kinds that it knows.
  if (!definition) return null;
  const cause: Cause = { actorId: row.userId ?? null, via: 'worker' };
  const job = await transact(workshop.orm, cause, (em) => startJob(em, jobId));
  if (!job) return null;
  const { projectId } = job;
  const run = new JobRun({
    jobId,
    attempt: job.attempts,
    meter: new ProgressMeter(definition.stages, job.progress),
    pool: workshop.pool,
    log: workshop.services.log,
    publish: (progress) => publishProgress(workshop.orm, projectId, progress),
  });
  workshop.runs.set(jobId, { projectId, run });
  return { jobId, attempt: job.attempts, job, definition, cause, run, workshop };
}

/**
 * Starts a queued job and sees this attempt to its end: completed, failed, handed back, or lost to who
 * cancelled it or took it over. If even that cannot be written (the database is away), the heartbeat stops
 * and startRecovery finds the job.
 */
export async function runJob(workshop: Workshop, jobId: string): Promise<void> {
  const started = await begin(workshop, jobId);
  if (!started) return;
  const { run } = started;
  try {
    const failure = await letWork(started);
    if (!(await conclude(started, failure))) await correctLane(started);
  } catch (error) {
    workshop.services.log.error({ err: error, jobId }, 'what became of a job could not be written');
  } finally {
    await run.close();
    // A later attempt may already run in this process.
    if (workshop.runs.get(jobId)?.run === run) workshop.runs.delete(jobId);
  }
}
