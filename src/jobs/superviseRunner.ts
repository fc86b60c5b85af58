import { setTimeout as delay } from 'node:timers/promises';
import { type Runner, run } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import { makeQueueLogger } from './queueLog.ts';
import { type Recurring, type RecurringTools, toCronItems } from './recurring.ts';

const restartMs = 1_000;
/** Recurring work that one process does at once. */
const atOnce = 3;
/** It is told of new work at once; this is for when it was not. */
const pollMs = 10_000;

export interface RunnerOptions {
  pool: pg.Pool;
  log: Logger;
  /** What comes again by itself, and what it works with. */
  recurring: readonly Recurring[];
  tools: RecurringTools;
}

function startRunner(options: RunnerOptions): Promise<Runner> {
  const { pool, log, recurring, tools } = options;
  return run({
    pgPool: pool,
    concurrency: atOnce,
    pollInterval: pollMs,
    noHandleSignals: true,
    logger: makeQueueLogger(log),
    parsedCronItems: toCronItems(recurring),
    taskList: Object.fromEntries(recurring.map((one) => [one.name, () => one.run(tools)] as const)),
  });
}

/**
 * Keeps graphile-worker's runner of recurring work going: it gives up when it cannot reach the database at the wrong moment,
 * and is then started anew. What it does not even wait for is in `bearOutages`.
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
    } catch (error) {
      options.log.warn({ err: error }, 'the job queue could not be started yet');
      return false;
    }
    if (!stopping.signal.aborted) return true;
    // Who stopped while it started knew only the one before.
    await runner.stop().catch(() => {});
    return false;
  }

  const supervised = supervise();
  return async () => {
    stopping.abort();
    // Already stopped is as good as stopped now.
    await runner.stop().catch(() => {});
    await supervised;
  };
}
