/**
 * What the engine takes beside bare graphile-worker, on the same database, with the same number of jobs at once:
 * how long a job waits from the call that queues it to its start, at fifty a second, and how many jobs that do
 * nothing are worked off in a second. Both queue inside the same kind of transaction; ours also writes the job's
 * row, its events and its audit.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { run } from 'graphile-worker';
import pino from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { openBus } from '../../src/bus/openBus.ts';
import { executePrepared } from '../../src/database/executePrepared.ts';
import type { Connection, Database } from '../../src/database/openDatabase.ts';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { openFileStorage } from '../../src/drivers/storage/openFileStorage.ts';
import { type JobDefinition, defineJob } from '../../src/jobs/defineJob.ts';
import { enqueueJob } from '../../src/jobs/enqueue.ts';
import { openWorkerPool } from '../../src/jobs/openWorkerPool.ts';
import { makeQueueLogger } from '../../src/jobs/queueLog.ts';
import { startWorker } from '../../src/jobs/startWorker.ts';
import { readSettings } from '../../src/settings.ts';
import { median } from './median.ts';
import { percentile } from './percentile.ts';

const concurrency = 8;
const projectCount = 20;
const rounds = 5;
const latencySeconds = 2;
const perSecond = 50;
const trivialJobs = 2_000;
type RunnerPreset = NonNullable<GraphileConfig.Preset['worker']>;

/** graphile-worker's own settings for throughput: it takes many jobs ahead and says later that they are done. */
const batching: RunnerPreset = {
  localQueue: { size: 500 },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
};
const log = pino({ level: 'fatal' });

/** One of the two, while it works: `onStart` is told of each job that starts, by its key. */
interface Contestant {
  enqueue(key: string): Promise<void>;
  /** Many at once, before it works. */
  fill(count: number): Promise<void>;
  work(onStart: (key: string) => void): Promise<() => Promise<void>>;
}

/** A database that is migrated, and a folder. */
export interface Place {
  connection: Connection;
  database: Database;
  dataDir: string;
}

function makeBare({ connection, database }: Place, more: RunnerPreset = {}): Contestant {
  const { orm, reads } = database;
  return {
    enqueue: (key) =>
      transact(orm, systemCause, async (em) => {
        await executePrepared(
          em,
          `select graphile_worker.add_job('bench', json_build_object('key', $1::text), max_attempts => 1)`,
          [key],
        );
      }),
    async fill(count) {
      await reads.query(
        `select graphile_worker.add_job('bench', json_build_object('key', n::text), max_attempts => 1) from generate_series(1, $1::int) n`,
        [count],
      );
      await reads.query('analyze graphile_worker._private_jobs');
    },
    async work(onStart) {
      const pool = openWorkerPool(connection, concurrency + 4, log);
      const runner = await run({
        pgPool: pool,
        noHandleSignals: true,
        logger: makeQueueLogger(log),
        preset: { worker: { concurrentJobs: concurrency, ...more } },
        taskList: { bench: async (payload) => onStart((payload as { key: string }).key) },
      });
      return async () => {
        await runner.stop();
        await pool.end();
      };
    },
  };
}

async function makeProjects({ reads }: Database): Promise<{ userId: string; projectIds: string[] }> {
  const userId = uuidv7();
  await reads.query(
    `insert into actors (id, actor_type, name, username) values ($1, 'organization', 'Bench', $2)`,
    [userId, `jobs-${userId}`],
  );
  const projectIds = Array.from({ length: projectCount }, () => uuidv7());
  await reads.query(
    `insert into projects (id, owner_id, name, identifier) select id, $1, id, id from unnest($2::uuid[]) id`,
    [userId, projectIds],
  );
  return { userId, projectIds };
}

async function makeOurs({ connection, database, dataDir }: Place): Promise<Contestant> {
  const { orm, reads } = database;
  const { userId, projectIds } = await makeProjects(database);
  const settings = {
    ...readSettings({ DATA_DIR: dataDir }),
    WORKER_CONCURRENCY: concurrency,
    JOBS_PER_PROJECT: concurrency,
  };
  let turn = 0;
  return {
    async enqueue(id) {
      turn += 1;
      const projectId = projectIds[turn % projectCount] ?? '';
      await transact(orm, systemCause, (em) =>
        enqueueJob(em, { id, jobType: 'bench.run', projectId, userId, params: {} }),
      );
    },
    async fill(count) {
      await reads.query(
        `insert into jobs (id, job_type, project_id, user_id, status)
         select gen_random_uuid(), 'bench.run', ($1::uuid[])[1 + n % $2], $3, 'queued' from generate_series(1, $4::int) n`,
        [projectIds, projectCount, userId, count],
      );
      await reads.query('vacuum analyze jobs');
    },
    async work(onStart) {
      const bus = await openBus({ connection, log });
      const handler: JobDefinition = defineJob({
        type: 'bench.run',
        params: z.object({}),
        stages: { only: 1 },
        run: async ({ jobId }) => onStart(jobId),
      });
      const storage = await openFileStorage(`${dataDir}/blobs`);
      const handlers = new Map([[handler.type, handler]]);
      const worker = await startWorker({ connection, orm, reads, bus, storage, settings, log, handlers });
      return async () => {
        await worker.stop();
        await bus.close();
      };
    },
  };
}

/** Milliseconds to the start of each job: from the call that queues it, and from the return of its commit. */
interface Waited {
  fromCall: number[];
  fromCommit: number[];
}

async function measureLatency(contestant: Contestant): Promise<Waited> {
  const started = new Map<string, number>();
  const stop = await contestant.work((key) => started.set(key, performance.now()));
  await delay(300);
  const total = latencySeconds * perSecond;
  const first = performance.now();
  const calls: Promise<{ key: string; calledAt: number; committedAt: number }>[] = [];
  for (let n = 0; n < total; n += 1) {
    await delay(Math.max(0, first + (n * 1000) / perSecond - performance.now()));
    const key = uuidv7();
    const calledAt = performance.now();
    calls.push(contestant.enqueue(key).then(() => ({ key, calledAt, committedAt: performance.now() })));
  }
  const queued = await Promise.all(calls);
  while (started.size < total) await delay(10);
  await stop();
  const startOf = (key: string) => started.get(key) ?? Number.NaN;
  return {
    fromCall: queued.map(({ key, calledAt }) => startOf(key) - calledAt),
    // Now and then the worker is told of the commit before its caller is.
    fromCommit: queued.map(({ key, committedAt }) => Math.max(0, startOf(key) - committedAt)),
  };
}

/** Jobs a second, from the first start until it is written of all that they are done. */
async function measureThroughput(contestant: Contestant): Promise<number> {
  await contestant.fill(trivialJobs);
  let [count, first] = [0, 0];
  const done = Promise.withResolvers<void>();
  const stop = await contestant.work(() => {
    count += 1;
    if (count === 1) first = performance.now();
    if (count === trivialJobs) done.resolve();
  });
  await done.promise;
  await stop();
  return (trivialJobs * 1000) / (performance.now() - first);
}

interface Round {
  bare: Waited;
  ours: Waited;
  bareRate: number;
  rate: number;
  batchedRate: number;
}

const ratio = ({ ours, bare }: Round, from: keyof Waited, share: number) =>
  percentile(ours[from], share) / percentile(bare[from], share);
const hundredths = (value: number) => Math.round(value * 100) / 100;

/** Runs them in turn; what else the machine does meets neighbours alike, so ratios are taken of each round. */
export async function measureEngine(place: Place): Promise<Record<string, number>> {
  const [bare, batched] = [makeBare(place), makeBare(place, batching)];
  const ours = await makeOurs(place);
  const results: Round[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const result = {
      bare: await measureLatency(bare),
      ours: await measureLatency(ours),
      bareRate: await measureThroughput(bare),
      rate: await measureThroughput(ours),
      batchedRate: await measureThroughput(batched),
    };
    if (round >= 0) results.push(result);
  }
  const middle = (pick: (result: Round) => number) => hundredths(median(results.map(pick)));
  return {
    start_p50_ms: middle(({ ours: { fromCall } }) => percentile(fromCall, 0.5)),
    start_p99_ms: middle(({ ours: { fromCall } }) => percentile(fromCall, 0.99)),
    bare_start_p50_ms: middle(({ bare: { fromCall } }) => percentile(fromCall, 0.5)),
    bare_start_p99_ms: middle(({ bare: { fromCall } }) => percentile(fromCall, 0.99)),
    start_latency_vs_bare: middle((result) => ratio(result, 'fromCall', 0.5)),
    start_p99_vs_bare: middle((result) => ratio(result, 'fromCall', 0.99)),
    committed_start_p50_ms: middle(({ ours: { fromCommit } }) => percentile(fromCommit, 0.5)),
    bare_committed_start_p50_ms: middle(({ bare: { fromCommit } }) => percentile(fromCommit, 0.5)),
    committed_start_p99_ms: middle(({ ours: { fromCommit } }) => percentile(fromCommit, 0.99)),
    bare_committed_start_p99_ms: middle(({ bare: { fromCommit } }) => percentile(fromCommit, 0.99)),
    jobs_per_second: Math.round(middle(({ rate }) => rate)),
    bare_jobs_per_second: Math.round(middle(({ bareRate }) => bareRate)),
    bare_batched_jobs_per_second: Math.round(middle(({ batchedRate }) => batchedRate)),
    throughput_vs_bare: middle(({ rate, bareRate }) => rate / bareRate),
    throughput_vs_bare_batched: middle(({ rate, batchedRate }) => rate / batchedRate),
  };
}
