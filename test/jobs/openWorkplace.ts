import { createHash } from 'node:crypto';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { inject } from 'vitest';
import type { Bus } from '../../src/bus/Bus.ts';
import { openBus } from '../../src/bus/openBus.ts';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { transact } from '../../src/database/transaction.ts';
import { requestSync } from '../../src/domain/repositories/requestSync.ts';
import { blobKey } from '../../src/drivers/storage/checkKey.ts';
import { openFileStorage } from '../../src/drivers/storage/openFileStorage.ts';
import type { Storage } from '../../src/drivers/storage/Storage.ts';
import type { ManifestData } from '../../src/entities/repositories/ProjectManifest.ts';

import { checkPayloads } from '../../src/events/emit.ts';
import { announceTo } from '../../src/events/record.ts';
import type { JobDefinition } from '../../src/jobs/defineJob.ts';
import { enqueueJob, publishProgressTo } from '../../src/jobs/enqueue.ts';
import { type Worker, startWorker } from '../../src/jobs/startWorker.ts';
import { type Settings, readSettings } from '../../src/settings.ts';
import { type JobProgress, type JobRow, type JobView, viewJob } from '../../src/views/jobs.ts';
import { findJobRow } from '../../src/views/sql/findJobRow.ts';
import { type GitWorld, createGitWorld } from '../drivers/makeRepository.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';

checkPayloads();

export interface ManifestRow {
  id: string;
  version: number;
  commit_sha: string;
  ref: string;
  hash: string;
  file_count: number;
  data: ManifestData;
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A database, a bus, a storage and folders for repositories, without the face of a server. */
export interface Workplace extends AsyncDisposable {
  file: TestDatabase;
  database: Database;
  bus: Bus;
  storage: Storage;
  settings: Settings;
  git: GitWorld;
  log: Logger;
  userId: string;
  /** Latest values of jobs as a listener of the bus gets them. */
  lane: JobProgress[];
  /** The same before the bus leaves some out. */
  published: JobProgress[];
  newProject(repositoryUrl?: string): Promise<string>;
  /** Starts a worker that `close` stops. */
  work(handlers?: JobDefinition[], settings?: Partial<Settings>): Promise<Worker>;
  enqueue(projectId: string, jobType: string, params?: Record<string, unknown>): Promise<JobRow>;
  sync(projectId: string, ref?: string): Promise<JobRow>;
  /** Syncs and waits until that is over. */
  syncFully(projectId: string, ref?: string): Promise<JobView>;
  manifests(projectId: string): Promise<ManifestRow[]>;
  /** A text of the storage, undefined when it is not there. */
  text(sha256: string): Promise<string | undefined>;
  job(id: string): Promise<JobView>;
  /** Waits until the job's row fulfils the condition. */
  until(id: string, fulfils: (job: JobView) => boolean): Promise<JobView>;
  /** Waits until the job is over. */
  over(id: string): Promise<JobView>;
  /** Types of the events about a job, in the order of the log. */
  events(jobId: string): Promise<string[]>;
}

export async function openWorkplace(overrides: Record<string, string> = {}): Promise<Workplace> {
  const file = await createDatabase(inject('cluster'));
  const git = await createGitWorld();
  const settings = readSettings({
    DATA_DIR: git.dataDir,
    REPOSITORY_PATHS: git.allowed,
    STOP_SECONDS: '5',
    ...overrides,
  });
  const log = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
  const database = await openDatabase(file.connection, { poolSize: 8, onPoolError: () => {} });
  const { orm, reads } = database;
  const bus = await openBus({ connection: file.connection, log });
  announceTo(orm, (stream, seq) => bus.publishHint(stream, seq));
  const publish = (projectId: string, progress: JobProgress) =>
    bus.publishLane(`project:${projectId}`, 'jobs', progress.jobId, progress);
  publishProgressTo(orm, publish);
  const lane: JobProgress[] = [];
  bus.onLane((value) => lane.push(value.value as JobProgress));
  const published: JobProgress[] = [];
  const publishLane = bus.publishLane.bind(bus);
  bus.publishLane = (stream, name, key, value) => {
    published.push(value as JobProgress);
    publishLane(stream, name, key, value);
  };
  const storage = await openFileStorage(join(git.dataDir, 'blobs'));
  const userId = uuidv7();
  await reads.query(
    `insert into actors (id, actor_type, name, username) values ($1, 'organization', 'A', 'a')`,
    [userId],
  );
  const workers: Worker[] = [];
  const cause = { actorId: userId, via: 'session' } as const;
  const actor = {
    id: userId,
    username: 'a',
    name: 'A',
    actorType: 'person',
    sessionId: null,
    apiKeyId: null,
  } as const;

  async function newProject(repositoryUrl?: string): Promise<string> {
    const id = uuidv7();
    await reads.query(
      'insert into projects (id, owner_id, name, identifier, repository_url) values ($1::uuid, $2, $1::text, $1::text, $3)',
      [id, userId, repositoryUrl ?? null],
    );
    return id;
  }
  async function job(id: string): Promise<JobView> {
    const row = await findJobRow(reads, id, null);
    if (!row) throw new Error(`no job ${id}`);
    return viewJob(row);
  }
  /** Looks at each hint, and now and then, for not every change of a row is announced. */
  async function until(id: string, fulfils: (job: JobView) => boolean): Promise<JobView> {
    for (;;) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const end = bus.onHint(() => resolve());
      const timer = setTimeout(resolve, 100);
      const found = await job(id);
      if (!fulfils(found)) await promise;
      end();
      clearTimeout(timer);
      if (fulfils(found)) return found;
    }
  }
  const sync = (projectId: string, ref?: string) =>
    transact(orm, cause, (em) => requestSync(em, actor, { projectId, ref }));
  const over = (id: string) =>
    until(id, ({ status }) => status === 'completed' || status === 'failed' || status === 'cancelled');
  return {
    file,
    database,
    bus,
    storage,
    settings,
    git,
    log,
    userId,
    lane,
    published,
    newProject,
    async work(handlers, changed = {}) {
      const worker = await startWorker({
        connection: file.connection,
        orm,
        reads,
        bus,
        storage,
        settings: { ...settings, ...changed },
        log,
        ...(handlers ? { handlers: new Map(handlers.map((handler) => [handler.type, handler])) } : {}),
      });
      workers.push(worker);
      return worker;
    },
    enqueue: (projectId, jobType, params = {}) =>
      transact(orm, cause, (em) => enqueueJob(em, { jobType, projectId, userId, params })),
    sync,
    syncFully: async (projectId, ref) => over((await sync(projectId, ref)).id),
    async manifests(projectId) {
      const sql = 'select * from project_manifests where project_id = $1 order by version';
      return (await reads.query<ManifestRow>(sql, [projectId])).rows;
    },
    async text(hash) {
      const key = blobKey(hash);
      return (await storage.head(key)) ? (await storage.getBuffer(key, 100_000)).toString() : undefined;
    },
    job,
    until,
    over,
    async events(jobId) {
      const { rows } = await reads.query<{ type: string }>(
        'select type from events where subject = $1 order by seq',
        [`job:${jobId}`],
      );
      return rows.map((row) => row.type);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await bus.close();
      await database.close();
      await file.drop();
      await git[Symbol.asyncDispose]();
    },
  };
}
