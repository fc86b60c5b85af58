import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { transact } from '../../src/database/transaction.ts';
import { cancelJob } from '../../src/domain/jobs/cancelJob.ts';
import { retryJob } from '../../src/domain/jobs/retryJob.ts';
import { Project } from '../../src/entities/projects/Project.ts';
import { fail } from '../../src/errors.ts';
import { type JobContext, type JobDefinition, defineJob } from '../../src/jobs/defineJob.ts';
import { enqueueJob } from '../../src/jobs/enqueue.ts';
import { migrateWorker } from '../../src/jobs/migrateWorker.ts';
import type { StageView } from '../../src/views/jobs.ts';
import { createDatabase } from '../support/cluster.ts';
import { type Workplace, openWorkplace } from './openWorkplace.ts';

let place: Workplace;
let projectId: string;
let types = 0;

beforeAll(async () => {
  place = await openWorkplace();
  projectId = await place.newProject();
});
afterAll(() => place[Symbol.asyncDispose]());

/** A kind of job of its own, so that the workers of other tests leave it alone. */
function newHandler(run: (job: JobContext<'first' | 'second'>) => Promise<void>): JobDefinition {
  types += 1;
  return defineJob({ type: `test.kind${types}`, params: z.object({}), stages: { first: 1, second: 3 }, run });
}

/** Ends when the attempt is broken off, as work does that passes the signal on. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

const bySomeone = () => ({ actorId: place.userId, via: 'session' }) as const;
const cancel = (jobId: string) =>
  transact(place.database.orm, bySomeone(), (em) => cancelJob(em, { projectId, jobId }));
const retry = (jobId: string) =>
  transact(place.database.orm, bySomeone(), (em) => retryJob(em, { projectId, jobId }));
const run = async (sql: string, values: unknown[]) =>
  (await place.database.reads.query<Record<string, unknown>>(sql, values)).rows;

describe('a job', () => {
  test('runs to its end, shows how far it is, and tells each transition', async () => {
    const handler = newHandler(async (job) => {
      job.progress('first', 0.5, 'begun');
      job.progress('second', 0.5, 'going on');
      job.progress('first', 0, 'looking back');
    });
    await using _worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type);
    const done = await place.over(id);
    expect(done).toMatchObject({ status: 'completed', progress: 100, attempts: 1, error: null });
    expect(done.startedAt && done.finishedAt && done.startedAt <= done.finishedAt).toBe(true);
    expect(await place.events(id)).toEqual(['job.queued', 'job.started', 'job.completed']);
    const shown = place.lane.filter((value) => value.jobId === id);
    expect(shown.map((value) => value.progress)).toEqual(
      shown.map((value) => value.progress).toSorted((a, b) => a - b),
    );
    await expect.poll(() => place.lane.findLast((value) => value.jobId === id)?.status).toBe('completed');
  });

  test('that stands still is told once more when its row says how far it is, for those who read the row before', async () => {
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const handler = newHandler(async (job) => {
      job.progress('second', 0.5, 'half way');
      await mayEnd;
    });
    await using _worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type);
    const halfWay = (stages: StageView[]) => stages.some(({ progress }) => progress === 50);
    const { updatedAt } = await place.until(id, ({ stages }) => halfWay(stages));
    const latest = () => place.published.findLast((value) => value.jobId === id);
    await expect.poll(() => latest()?.updatedAt.getTime()).toBeGreaterThanOrEqual(updatedAt.getTime());
    expect(latest()).toMatchObject({ status: 'running', message: 'half way' });
    expect(halfWay(latest()?.stages ?? [])).toBe(true);
    end();
    await place.over(id);
    await expect.poll(() => latest()?.status).toBe('completed');
  });

  test('is on record with who asked for it and what for', async () => {
    const { id } = await place.enqueue(projectId, 'test.recorded', { ref: 'main' });
    const sql = `select user_id, project_id, action, changes from audit_logs where entity_type = 'jobs' and entity_id = $1`;
    expect(await run(sql, [id])).toMatchObject([
      {
        user_id: place.userId,
        project_id: projectId,
        action: 'create',
        changes: {
          jobType: { new: 'test.recorded' },
          status: { new: 'queued' },
          metadata: { new: { ref: 'main' } },
        },
      },
    ]);
    expect(await place.job(id)).toMatchObject({
      status: 'queued',
      progress: 0,
      attempts: 0,
      priority: 0,
      stages: [],
    });
  });

  test('was never there when the transaction that queued it is rolled back', async () => {
    const handler = newHandler(async () => {});
    let id = '';
    const undone = transact(place.database.orm, bySomeone(), async (em) => {
      id = (await enqueueJob(em, { jobType: handler.type, projectId, userId: place.userId, params: {} })).id;
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await run('select from jobs where id = $1', [id])).toEqual([]);
  });

  test('that fails says what happened and what to do, and the worker goes on', async () => {
    const failing = newHandler(async () => fail('REPOSITORY_EMPTY'));
    const broken = newHandler(async () => {
      throw new Error('the secret detail');
    });
    const fine = newHandler(async () => {});
    const strict: JobDefinition = { ...newHandler(async () => {}), params: z.object({ must: z.string() }) };
    await using _worker = await place.work([failing, broken, fine, strict]);
    const ids = await Promise.all(
      [failing, broken, strict].map(async (handler) => (await place.enqueue(projectId, handler.type)).id),
    );
    const [expected, unexpected, refused] = await Promise.all(ids.map((id) => place.over(id)));
    expect(expected?.error).toEqual({
      code: 'REPOSITORY_EMPTY',
      message: 'The repository has no commit yet.',
      remedy: 'Push a first commit, then sync again.',
    });
    expect(unexpected?.error?.code).toBe('INTERNAL');
    expect(JSON.stringify(unexpected)).not.toContain('secret');
    expect(refused?.error).toMatchObject({
      code: 'JOB_PARAMS_REFUSED',
      message: expect.stringContaining('must: '),
    });
    const next = await place.enqueue(projectId, fine.type);
    expect((await place.over(next.id)).status).toBe('completed');
  });

  test('changes data in the name of who asked for it', async () => {
    const handler = newHandler((job) =>
      job.transact(async (em) => {
        (await em.findOneOrFail(Project, { id: projectId })).description = 'by a job';
      }),
    );
    await using _worker = await place.work([handler]);
    await place.over((await place.enqueue(projectId, handler.type)).id);
    const audits = await run(
      `select user_id, via from audit_logs where entity_id = $1 and changes #>> '{description,new}' = 'by a job'`,
      [projectId],
    );
    expect(audits).toEqual([{ user_id: place.userId, via: 'worker' }]);
  });

  test('is tried again when only the database was away for a moment', async () => {
    let starts = 0;
    const handler = newHandler(async () => {
      starts += 1;
      if (starts === 1) throw Object.assign(new Error('terminating connection'), { code: '57P01' });
    });
    await using _worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type);
    expect(await place.over(id)).toMatchObject({ status: 'completed', attempts: 2 });
  });
});

describe('cancelling', () => {
  test('keeps a queued job from ever starting', async () => {
    const handler = newHandler(async () => {});
    const { id } = await place.enqueue(projectId, handler.type);
    await cancel(id);
    await using _worker = await place.work([handler]);
    const other = await place.enqueue(projectId, handler.type);
    await place.over(other.id);
    expect(await place.job(id)).toMatchObject({ status: 'cancelled', attempts: 0 });
  });

  test('reaches a running job without waiting for its heartbeat, and nothing is written by it after that', async () => {
    const began = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<unknown>();
    const handler = newHandler(async (job) => {
      job.progress('first', 1);
      began.resolve();
      await untilAborted(job.signal).catch(() => {});
      const late = job.transact(async (em) => {
        (await em.findOneOrFail(Project, { id: projectId })).description = 'too late';
      });
      await late.catch((error: unknown) => ended.resolve(error));
      job.progress('second', 1, 'too late');
      throw new Error('what git says when it is killed');
    });
    await using _worker = await place.work([handler]);
    // The heart of this attempt does not beat: it can hear of its end by the event alone.
    vi.useFakeTimers({ toFake: ['setInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { id } = await place.enqueue(projectId, handler.type);
    await began.promise;
    vi.useRealTimers();
    await cancel(id);
    expect(await ended.promise).toMatchObject({ name: 'Interruption', why: 'lost' });
    expect(await place.job(id)).toMatchObject({ status: 'cancelled', error: null });
    expect(await place.events(id)).toEqual(['job.queued', 'job.started', 'job.cancelled']);
    expect(await run(`select from projects where id = $1 and description = 'too late'`, [projectId])).toEqual(
      [],
    );
    await expect.poll(() => place.lane.findLast((value) => value.jobId === id)?.status).toBe('cancelled');
  });

  test('is refused for a job that is over, and for another project’s', async () => {
    const handler = newHandler(async () => {});
    await using _worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type);
    await place.over(id);
    await expect(cancel(id)).rejects.toMatchObject({ errorCode: 'JOB_NOT_CANCELLABLE' });
    await expect(retry(id)).rejects.toMatchObject({ errorCode: 'JOB_NOT_RETRYABLE' });
    const elsewhere = await place.newProject();
    const foreign = transact(place.database.orm, bySomeone(), (em) =>
      cancelJob(em, { projectId: elsewhere, jobId: id }),
    );
    await expect(foreign).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
  });
});

test('a failed job runs anew when it is retried', async () => {
  let isMended = false;
  const handler = newHandler(async () => {
    if (!isMended) fail('REPOSITORY_EMPTY');
  });
  await using _worker = await place.work([handler]);
  const { id } = await place.enqueue(projectId, handler.type);
  expect((await place.over(id)).status).toBe('failed');
  isMended = true;
  expect(await retry(id)).toMatchObject({ status: 'queued', progress: 0 });
  expect(await place.over(id)).toMatchObject({ status: 'completed', attempts: 2, error: null });
});

describe('a job whose worker gives no sign of life', () => {
  const abandon = (id: string, attempts: number) =>
    run(
      `update jobs set status = 'running', attempts = $2, progress = 40, heartbeat_at = now() - interval '11 seconds' where id = $1`,
      [id, attempts],
    );

  test('is taken up by another one, which does not show less than was shown', async () => {
    const handler = newHandler(async () => {});
    const { id } = await place.enqueue(projectId, handler.type);
    await abandon(id, 1);
    await using _worker = await place.work([handler]);
    expect(await place.over(id)).toMatchObject({ status: 'completed', attempts: 2 });
    const shown = place.lane.filter((value) => value.jobId === id && value.status === 'running');
    expect(shown.every((value) => value.progress >= 40)).toBe(true);
  });

  test('is given up after five attempts, with a word about it', async () => {
    const handler = newHandler(async () => {});
    const { id } = await place.enqueue(projectId, handler.type);
    await abandon(id, 5);
    await using _worker = await place.work([handler]);
    expect((await place.over(id)).error?.code).toBe('JOB_ABANDONED');
    await retry(id);
    expect(await place.over(id)).toMatchObject({ status: 'completed', attempts: 6 });
  });

  test('is not overwritten by the late result of the first one', async () => {
    const began = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const handler = newHandler(async () => {
      began.resolve();
      await release.promise;
    });
    await using worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type);
    await began.promise;
    await run('update jobs set attempts = attempts + 1 where id = $1', [id]);
    release.resolve();
    await worker.stop();
    expect(await place.job(id)).toMatchObject({ status: 'running', attempts: 2 });
    expect(await place.events(id)).toEqual(['job.queued', 'job.started']);
  });
});

test('a queued job of which no worker was told is found all the same', async () => {
  const handler = newHandler(async () => {});
  await using _worker = await place.work([handler]);
  const [row] = await run(
    `insert into jobs (id, job_type, project_id, status) values (gen_random_uuid(), $1, $2, 'queued') returning id`,
    [handler.type, projectId],
  );
  expect((await place.over(String(row?.['id']))).status).toBe('completed');
});

test('several workers share a queue, and each job runs once', async () => {
  const starts = new Map<string, number>();
  const handler = newHandler(async (job) => {
    starts.set(job.jobId, (starts.get(job.jobId) ?? 0) + 1);
  });
  await using _one = await place.work([handler]);
  await using _two = await place.work([handler]);
  await using _three = await place.work([handler]);
  const jobs = await Promise.all(Array.from({ length: 30 }, () => place.enqueue(projectId, handler.type)));
  await Promise.all(jobs.map(({ id }) => place.over(id)));
  expect([...starts.values()]).toEqual(jobs.map(() => 1));
});

test('a worker whose database connections break goes on with new ones, and with the job that it had', async () => {
  const began = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const handler = newHandler(async () => {
    began.resolve();
    await release.promise;
  });
  await using _worker = await place.work([handler]);
  const first = await place.enqueue(projectId, handler.type);
  await began.promise;
  const broken = await run(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'tessera jobs'`,
    [],
  );
  expect(broken.length).toBeGreaterThan(0);
  release.resolve();
  expect((await place.over(first.id)).status).toBe('completed');
  const second = await place.enqueue(projectId, handler.type);
  expect((await place.over(second.id)).status).toBe('completed');
});

test('a worker leaves a kind of job that it does not know to one that does', async () => {
  const known = newHandler(async () => {});
  const unknown = newHandler(async () => {});
  await using _older = await place.work([known]);
  const { id } = await place.enqueue(projectId, unknown.type);
  await place.over((await place.enqueue(projectId, known.type)).id);
  expect((await place.job(id)).status).toBe('queued');
  await using _worker = await place.work([unknown]);
  expect((await place.over(id)).status).toBe('completed');
});

test('nodes that start at once on an empty database bring the queue up together', async () => {
  await using file = await createDatabase(inject('cluster'), { template: 'template0' });
  await Promise.all([1, 2, 3].map(() => migrateWorker(file.connection)));
  await using database: Database = await openDatabase(file.connection, {
    poolSize: 2,
    onPoolError: () => {},
  });
  const { rows } = await database.reads.query(
    `select to_regproc('graphile_worker.add_job') is not null as there`,
  );
  expect(rows).toEqual([{ there: true }]);
});
