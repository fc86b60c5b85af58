import { type Cause, transact } from '../database/transaction.ts';
import { failJob, handBackJob } from '../domain/jobs/endAttempt.ts';
import { type Attempt, attemptsPerRequest, holdAttempt } from '../domain/jobs/holdAttempt.ts';
import { TesseraError } from '../errors.ts';
import { viewJobProgress } from '../views/jobs.ts';
import { findJobRow } from '../views/sql/findJobRow.ts';
import type { JobContext, JobDefinition } from './defineJob.ts';
import { publishProgress } from './enqueue.ts';
import { Interruption } from './Interruption.ts';
import { isOutage } from '../database/isOutage.ts';
import { JobRun } from './JobRun.ts';
import { ProgressMeter } from './ProgressMeter.ts';
import { readParams } from './readParams.ts';
import { runSegments } from './runSegments.ts';
import type { ClaimedJob } from './sql/claimJobs.ts';
import type { Workshop } from './Workshop.ts';

interface Started extends Attempt {
  job: ClaimedJob;
  definition: JobDefinition;
  cause: Cause;
  run: JobRun;
  workshop: Workshop;
}

function openContext(started: Started): JobContext {
  const { job, attempt, jobId, cause, run, workshop } = started;
  const { services, orm } = workshop;
  const lose = (): never => {
    run.interrupt('lost');
    throw run.signal.reason;
  };
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
        return (await holdAttempt(em, { jobId, attempt })) ? result : lose();
      }),
    segments: (stage, items, work, options) =>
      runSegments({
        ...options,
        jobId,
        jobType: job.jobType,
        stage,
        items,
        work,
        signal: run.signal,
        unitPrice: job.unitPrice,
        // The row of the job first, as everything that ends a job does; these transactions are short.
        transact: (change) =>
          transact(orm, cause, async (em) =>
            (await holdAttempt(em, { jobId, attempt })) ? change(em) : lose(),
          ),
        report: (fraction, message, segments) => run.report(stage, fraction, message, segments),
        explain: (error) => toFailure(error, started),
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
    await definition.run(openContext(started), readParams(definition, job.metadata));
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

/** Writes what became of the attempt. @returns false when it no longer held the job. */
async function conclude(started: Started, failure: { thrown: unknown } | undefined): Promise<boolean> {
  const { cause, run, workshop, attempt, jobId } = started;
  const { orm } = workshop;
  if (!failure) {
    const stages = run.meter.finishedStages;
    return workshop.finisher.complete({ jobId, attempt, userId: cause.actorId, stages });
  }
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
  return transact(orm, cause, (em) => failJob(em, started, error, run.meter.stages));
}

/** Watchers of a job that was taken from this worker may have seen its last value after the newer one. */
async function correctLane({ jobId, job, workshop }: Started): Promise<void> {
  const row = await findJobRow(workshop.pool, jobId, null);
  if (row) publishProgress(workshop.orm, job.projectId, viewJobProgress(row));
}

function begin(workshop: Workshop, job: ClaimedJob): Started | null {
  const definition = workshop.handlers.get(job.jobType);
  // Never so: a worker takes only the kinds that it knows.
  if (!definition) return null;
  const { id: jobId, attempts: attempt, projectId, progress, stages } = job;
  const run = new JobRun({
    jobId,
    attempt,
    meter: new ProgressMeter(definition.stages, { percent: progress, stages }),
    pool: workshop.pool,
    log: workshop.services.log,
    publish: (value) => publishProgress(workshop.orm, projectId, value),
  });
  workshop.runs.set(jobId, { projectId, run });
  const cause: Cause = { actorId: job.userId ?? null, via: 'worker' };
  return { jobId, attempt, job, definition, cause, run, workshop };
}

/**
 * Sees an attempt at a job that was just started to its end: completed, failed, handed back, or lost to who
 * cancelled it or took it over. If even that cannot be written (the database is away), the heartbeat stops
 * and startRecovery finds the job. Never throws.
 * @param free called when the handler works no more, and what became of it is yet to be written.
 */
export async function runJob(workshop: Workshop, job: ClaimedJob, free: () => void): Promise<void> {
  const started = begin(workshop, job);
  if (!started) return;
  const { run, jobId } = started;
  try {
    const failure = await letWork(started);
    run.fallSilent();
    free();
    if (!(await conclude(started, failure))) await correctLane(started);
  } catch (error) {
    workshop.services.log.error({ err: error, jobId }, 'what became of a job could not be written');
  } finally {
    await run.close();
    // A later attempt may already run in this process.
    if (workshop.runs.get(jobId)?.run === run) workshop.runs.delete(jobId);
  }
}
