import type { MikroORM } from '@mikro-orm/postgresql';
import type { Bus } from '../bus/Bus.ts';
import { PgListener } from '../bus/PgListener.ts';
import type { Connection } from '../database/openDatabase.ts';
import type { JobDefinition, JobServices } from './defineJob.ts';
import { Dispatcher } from './Dispatcher.ts';
import { Finisher } from './Finisher.ts';
import { handlers as allHandlers } from './handlers.ts';
import type { Interruption } from './Interruption.ts';
import { openWorkerPool } from './openWorkerPool.ts';
import { type Recurring, recurring } from './recurring.ts';
import { runJob } from './runJob.ts';
import { queueChannel } from './sql/queue.ts';
import { startJobs } from './startJobs.ts';
import { startRecovery } from './startRecovery.ts';
import { superviseRunner } from './superviseRunner.ts';
import type { Workshop } from './Workshop.ts';

export interface WorkerOptions extends JobServices {
  connection: Connection;
  orm: MikroORM;
  bus: Bus;
  /** Kinds of job that this worker knows; left out, all there are. */
  handlers?: ReadonlyMap<string, JobDefinition>;
  /** Work that comes again beside what every worker has. */
  recurring?: readonly Recurring[];
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
  const pool = openWorkerPool(connection, settings.WORKER_CONCURRENCY + 4, log);
  const workshop: Workshop = {
    services: { settings, reads, storage, log },
    orm,
    pool,
    handlers: options.handlers ?? allHandlers,
    finisher: new Finisher(orm),
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
  const dispatcher = new Dispatcher({
    concurrency: settings.WORKER_CONCURRENCY,
    rules: {
      types: [...workshop.handlers.keys()],
      perProject: settings.JOBS_PER_PROJECT,
      perType: settings.JOB_LIMITS,
    },
    start: (rules) => startJobs(workshop, rules),
    run: (job, free) => runJob(workshop, job, free),
    log,
  });
  const wake = () => dispatcher.wake();

  async function close(stopRunner: () => Promise<void>, listener?: PgListener): Promise<void> {
    const since = Date.now();
    // Again and again, for a job may be on its way to its start when the time is up.
    const timer = setInterval(() => {
      if (Date.now() - since > settings.STOP_SECONDS * 1000 * finishingShare) interruptAll('stopping');
    }, 100);
    await Promise.all([stopRunner(), dispatcher.close(), listener?.close()]);
    clearInterval(timer);
    stopListening();
    await endRecovery();
    await pool.end();
  }

  let listener: PgListener | undefined;
  let stopRunner = async () => {};
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= close(stopRunner, listener));
  try {
    listener = await PgListener.open({
      connection,
      log,
      channels: { [queueChannel]: wake },
      onReconnect: wake,
    });
    wake();
    stopRunner = await superviseRunner({
      pool,
      log,
      recurring: [...recurring, ...(options.recurring ?? [])],
      tools: { orm, settings, reads, storage, log },
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop, [Symbol.asyncDispose]: stop };
}
