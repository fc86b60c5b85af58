import type { MikroORM } from '@mikro-orm/postgresql';
import type { Bus } from '../bus/Bus.ts';
import type { Connection } from '../database/openDatabase.ts';
import type { JobDefinition, JobServices } from './defineJob.ts';
import { handlers as allHandlers } from './handlers.ts';
import type { Interruption } from './Interruption.ts';
import { openWorkerPool } from './openWorkerPool.ts';
import { recurring } from './recurring.ts';
import { runJob } from './runJob.ts';
import { startRecovery } from './startRecovery.ts';
import { superviseRunner } from './superviseRunner.ts';
import type { Workshop } from './Workshop.ts';

export interface WorkerOptions extends JobServices {
  connection: Connection;
  orm: MikroORM;
  bus: Bus;
  /** Kinds of job that this worker knows; left out, all there are. */
  handlers?: ReadonlyMap<string, JobDefinition>;
}

export interface Worker extends AsyncDisposable {
  /** Takes no new job, lets what runs finish for most of STOP_SECONDS, and hands the rest back to the queue. */
  stop(): Promise<void>;
}

/** Of STOP_SECONDS, what work may still go on for; the rest is for handing it back. */
const finishingShare = 0.7;

/**
 * Starts working off the queue, in this process: up to WORKER_CONCURRENCY jobs at once. Any number of
 * workers, on any machine that reaches the database, may share one queue. `migrateWorker` comes first.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { connection, orm, bus, settings, log, reads, storage } = options;
  const pool = openWorkerPool(connection, settings.WORKER_CONCURRENCY + 2, log);
  const workshop: Workshop = {
    services: { settings, reads, storage, log },
    orm,
    pool,
    handlers: options.handlers ?? allHandlers,
    runs: new Map(),
  };
  const interruptAll = (why: Interruption['why']) => {
    for (const { run } of workshop.runs.values()) run.interrupt(why);
  };
  const stopListening = bus.onHint((stream) => {
    for (const { projectId, run } of workshop.runs.values())
      if (stream === `project:${projectId}`) run.hint();
  }, 'project:');
  const endRecovery = startRecovery(workshop);

  async function close(stopRunner: () => Promise<void>): Promise<void> {
    const since = Date.now();
    // Again and again, for a job may be on its way to its start when the time is up.
    const timer = setInterval(() => {
      if (Date.now() - since > settings.STOP_SECONDS * 1000 * finishingShare) interruptAll('stopping');
    }, 100);
    await stopRunner();
    clearInterval(timer);
    stopListening();
    await endRecovery();
    await pool.end();
  }

  const stopRunner = await superviseRunner({
    pool,
    concurrency: settings.WORKER_CONCURRENCY,
    types: [...workshop.handlers.keys()],
    log,
    runJob: (jobId) => runJob(workshop, jobId),
    recurring,
    tools: { orm, settings, reads, log },
  }).catch(async (error: unknown) => {
    await close(async () => {});
    throw error;
  });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= close(stopRunner));
  return { stop, [Symbol.asyncDispose]: stop };
}
