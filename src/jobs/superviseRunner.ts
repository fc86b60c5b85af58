import { setTimeout as delay } from 'node:timers/promises';
import { type Runner, run } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import { makeQueueLogger } from './queueLog.ts';
import { type Recurring, type RecurringTools, toCronItems } from './recurring.ts';

const restartMs = 1_000;

export interface RunnerOptions {
  pool: pg.Pool;
  concurrency: number;
  /** Kinds of job to take. */
  types: Iterable<string>;
  log: Logger;
  runJob: (jobId: string) => Promise<void>;
  /** What comes again by itself, and what it works with. */
  recurring: readonly Recurring[];
  tools: RecurringTools;
}

/** Which job it is says the payload, all else its row. */
function readJobId(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('jobId' in payload)) return undefined;
  return typeof payload.jobId === 'string' ? payload.jobId : undefined;
}

function startRunner(options: RunnerOptions): Promise<Runner> {
  const { pool, concurrency, types, log, runJob, recurring, tools } = options;
  const task = async (payload: unknown): Promise<void> => {
    const jobId = readJobId(payload);
    if (jobId) await runJob(jobId);
  };
  return run({
    pgPool: pool,
    concurrency,
    noHandleSignals: true,
    logger: makeQueueLogger(log),
    parsedCronItems: toCronItems(recurring),
    taskList: Object.fromEntries([
      ...Array.from(types, (type) => [type, task] as const),
      ...recurring.map((one) => [one.name, () => one.run(tools)] as const),
    ]),
  });
}

/**
 * Keeps graphile-worker's runner going: it gives up when it cannot reach the database at the wrong moment
 * (as it finishes a job), and is then started anew.
 * @returns what stops it: takes no new job, and waits for those that run.
 */
export async function superviseRunner(options: RunnerOptions): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  let runner = await startRunner(options);

  async function supervise(): Promise<void> {
    for (;;) {
      const error: unknown = await runner.promise.then(
        () => null,
        (reason: unknown) => reason,
      );
      if (stopping.signal.aborted) return;
      options.log.error({ err: error }, 'the job queue stopped and is started anew');
      while (!(await restart())) if (stopping.signal.aborted) return;
    }
  }

  async function restart(): Promise<boolean> {
    await delay(restartMs, undefined, { signal: stopping.signal }).catch(() => {});
    if (stopping.signal.aborted) return false;
    try {
      runner = await startRunner(options);
      return true;
    } catch (error) {
      options.log.warn({ err: error }, 'the job queue could not be started yet');
      return false;
    }
  }

  const supervised = supervise();
  return async () => {
    stopping.abort();
    // Already stopped is as good as stopped now.
    await runner.stop().catch(() => {});
    await supervised;
  };
}
