import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { moveCredits } from '../../src/domain/credits/moveCredits.ts';
import { verifyCredits } from '../../src/domain/credits/verifyCredits.ts';
import { deleteProject, restoreProject } from '../../src/domain/projects/deleteProject.ts';
import { makeAdmission } from '../../src/jobs/admitJob.ts';
import { type JobContext, type JobDefinition, defineJob } from '../../src/jobs/defineJob.ts';
import { admitJobsBy } from '../../src/jobs/enqueue.ts';
import { purgeDeletedRows } from '../../src/jobs/retention.purge.ts';
import { type Workplace, openWorkplace } from './openWorkplace.ts';

let place: Workplace;
let kinds = 0;

beforeAll(async () => {
  place = await openWorkplace();
});
afterAll(() => place[Symbol.asyncDispose]());

const bySomeone = () => ({ actorId: place.userId, via: 'session' }) as const;
const remove = (id: string) => transact(place.database.orm, bySomeone(), (em) => deleteProject(em, id));
const restore = (id: string) => transact(place.database.orm, bySomeone(), (em) => restoreProject(em, id));
const run = async <Row extends object>(sql: string, values: unknown[] = []) =>
  (await place.database.reads.query<Row>(sql, values)).rows;

/** A kind of its own; each of its segments, of three, costs what JOB_PRICES says. */
function newHandler(work: (index: number, job: JobContext) => Promise<void> = async () => {}): JobDefinition {
  kinds += 1;
  return defineJob({
    type: `deleted.kind${kinds}`,
    params: z.object({}),
    stages: { all: 1 },
    quote: () => 3,
    async run(job) {
      const items = [1, 2, 3].map((input) => ({ input, units: 1 }));
      await job.segments('all', items, ({ index }) => work(index, job));
    },
  });
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function priced(handler: JobDefinition, price: number): Promise<void> {
  const { orm } = place.database;
  admitJobsBy(orm, makeAdmission(new Map([[handler.type, handler]]), new Map([[handler.type, price]])));
  const key = `grant:${handler.type}`;
  await transact(orm, systemCause, (em) =>
    moveCredits(em, { userId: place.userId, delta: 3 * price, kind: 'grant', reason: 'to be spent', key }),
  );
}

const account = async () =>
  (
    await run<{ credits: number; held: number }>(
      'select credits::int, credits_held::int as held from actors where id = $1',
      [place.userId],
    )
  )[0];

describe('the jobs of a deleted project', () => {
  test('do not start, and start when it is restored', async () => {
    const handler = newHandler();
    const projectId = await place.newProject();
    const elsewhere = await place.newProject();
    const { id } = await place.enqueue(projectId, handler.type);
    await remove(projectId);
    await using _worker = await place.work([handler]);
    await place.over((await place.enqueue(elsewhere, handler.type)).id);
    expect(await place.job(id)).toMatchObject({ status: 'pending', attempts: 0 });
    await restore(projectId);
    expect(await place.over(id)).toMatchObject({ status: 'completed', attempts: 1 });
    expect(await place.events(id)).toEqual(['job.queued', 'job.queued', 'job.started', 'job.completed']);
    const changes = await run<{ changes: unknown }>(
      `select changes -> 'status' as changes from audit_logs
      where entity_type = 'jobs' and entity_id = $1 and user_id = $2 and action = 'update' order by created_at, id`,
      [id, place.userId],
    );
    expect(changes.slice(0, 2)).toEqual([
      { changes: { old: 'queued', new: 'pending' } },
      { changes: { old: 'pending', new: 'queued' } },
    ]);
  });

  test('are taken from the worker that runs them, and go on after it with what is missing, each segment charged once', async () => {
    const done: number[] = [];
    const began = Promise.withResolvers<void>();
    const broken = Promise.withResolvers<unknown>();
    const handler = newHandler(async (index, { signal }) => {
      if (index === 1 && !signal.aborted && done.length === 1) {
        began.resolve();
        await untilAborted(signal).catch((error: unknown) => {
          broken.resolve(error);
          throw error;
        });
      }
      done.push(index);
    });
    await priced(handler, 2);
    const before = await account();
    await using _worker = await place.work([handler]);
    const projectId = await place.newProject();
    const { id } = await place.enqueue(projectId, handler.type);
    await began.promise;
    await expect
      .poll(() => run(`select from job_segments where job_id = $1 and status = 'completed'`, [id]))
      .toHaveLength(1);
    await remove(projectId);
    expect(await broken.promise).toMatchObject({ name: 'Interruption', why: 'lost' });
    expect(await place.until(id, ({ status }) => status === 'pending')).toMatchObject({ attempts: 1 });
    expect(await run(`select from job_segments where job_id = $1 and status = 'running'`, [id])).toEqual([]);
    done.push(-1);
    await restore(projectId);
    expect(await place.over(id)).toMatchObject({ status: 'completed', attempts: 2, costCredits: 6 });
    expect(done).toEqual([0, -1, 1, 2]);
    expect(await account()).toEqual({ credits: (before?.credits ?? 0) - 6, held: before?.held });
  });

  test('that had just left the queue, or came into it too late, are stopped within moments', async () => {
    const began = Promise.withResolvers<void>();
    const handler = newHandler(async (_index, { signal }) => {
      began.resolve();
      await untilAborted(signal);
    });
    const projectId = await place.newProject();
    await remove(projectId);
    const { id } = await place.enqueue(projectId, handler.type);
    await using _worker = await place.work([handler]);
    await began.promise;
    expect(await place.until(id, ({ status }) => status === 'pending')).toMatchObject({ error: null });
  });

  test('are cancelled when it is purged, and give back what they hold', async () => {
    const handler = newHandler();
    await priced(handler, 5);
    const before = await account();
    const [projectId, kept] = await Promise.all([place.newProject(), place.newProject()]);
    const [{ id }, { id: waiting }] = [
      await place.enqueue(projectId, handler.type),
      await place.enqueue(kept, 'deleted.free'),
    ];
    expect(await account()).toMatchObject({ held: (before?.held ?? 0) + 15 });
    await Promise.all([remove(projectId), remove(kept)]);
    await run(`update projects set deleted_at = now() - interval '31 days' where id = $1`, [projectId]);
    const { database, settings, storage, log } = place;
    await purgeDeletedRows.run({ orm: database.orm, reads: database.reads, settings, storage, log });
    expect(await place.job(id)).toMatchObject({ status: 'cancelled', projectId: null });
    expect(await run('select from projects where id = $1', [projectId])).toEqual([]);
    expect(await account()).toEqual(before);
    expect(await place.job(waiting)).toMatchObject({ status: 'pending' });
    expect(await verifyCredits(database.orm)).toEqual([]);
  });
});

test('a project that is deleted and restored while its jobs are claimed loses none of them', async () => {
  const handler = newHandler();
  const projectId = await place.newProject();
  await using _one = await place.work([handler]);
  await using _two = await place.work([handler]);
  const jobs = await Promise.all(Array.from({ length: 40 }, () => place.enqueue(projectId, handler.type)));
  for (let round = 0; round < 5; round += 1) {
    await remove(projectId);
    await restore(projectId);
  }
  const ended = await Promise.all(jobs.map(({ id }) => place.over(id)));
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['completed']));
  expect(await run(`select from jobs where project_id = $1 and status = 'pending'`, [projectId])).toEqual([]);
});
