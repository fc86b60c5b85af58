import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { transact } from '../../src/database/transaction.ts';
import { prioritizeJob } from '../../src/domain/jobs/prioritizeJob.ts';
import { type JobContext, type JobDefinition, defineJob } from '../../src/jobs/defineJob.ts';
import { claimJobs } from '../../src/jobs/sql/claimJobs.ts';
import { readSettings } from '../../src/settings.ts';
import { type Workplace, openWorkplace } from './openWorkplace.ts';

let place: Workplace;
let types = 0;

beforeAll(async () => {
  place = await openWorkplace();
});
afterAll(() => place[Symbol.asyncDispose]());

function newHandler(run: (job: JobContext) => Promise<void> = async () => {}): JobDefinition {
  types += 1;
  return defineJob({ type: `queue.kind${types}`, params: z.object({}), stages: { only: 1 }, run });
}

/** Many jobs of a project as a batch, in one statement. @returns their ids, oldest first. */
async function fill(projectId: string, jobType: string, count: number): Promise<string[]> {
  const { rows } = await place.database.reads.query<{ id: string }>(
    `insert into jobs (id, job_type, project_id, status, created_at)
     select gen_random_uuid(), $1, $2, 'queued', now() - interval '1 hour' + n * interval '1 ms' from generate_series(1, $3::int) n
     returning id`,
    [jobType, projectId, count],
  );
  return rows.map(({ id }) => id);
}

/** Which jobs ran at once, and in which order they started. */
class Gauge {
  readonly started: string[] = [];
  most = new Map<string, number>();
  readonly #now = new Map<string, number>();
  async hold(keys: string[], job: JobContext): Promise<void> {
    this.started.push(job.projectId);
    for (const key of keys) {
      const now = (this.#now.get(key) ?? 0) + 1;
      this.#now.set(key, now);
      this.most.set(key, Math.max(now, this.most.get(key) ?? 0));
    }
    // Long enough for every other worker to look for more.
    await place.database.reads.query('select pg_sleep(0.02)');
    for (const key of keys) this.#now.set(key, (this.#now.get(key) ?? 0) - 1);
  }
}

test('ten thousand jobs of one project do not keep those of others waiting', async () => {
  const [large, small, third] = await Promise.all([1, 2, 3].map(() => place.newProject()));
  const gauge = new Gauge();
  const handler = newHandler((job) => gauge.hold([], job));
  await fill(large ?? '', handler.type, 10_000);
  await using _worker = await place.work([handler], { WORKER_CONCURRENCY: 2 });
  await expect.poll(() => gauge.started.length).toBeGreaterThan(3);
  await Promise.all(
    [small, third].map(async (projectId = '') => {
      const { id } = await place.enqueue(projectId, handler.type);
      const before = gauge.started.length;
      await place.over(id);
      expect(gauge.started).toContain(projectId);
      // Two that had the places, and at most two whose turn came before theirs.
      expect(gauge.started.indexOf(projectId) - before).toBeLessThan(8);
    }),
  );
  await place.database.reads.query(`delete from jobs where job_type = $1 and status = 'queued'`, [
    handler.type,
  ]);
});

test('projects take turns when there is one place', async () => {
  const projects = await Promise.all([1, 2, 3].map(() => place.newProject()));
  const gauge = new Gauge();
  const handler = newHandler((job) => gauge.hold([], job));
  const ids = (await Promise.all(projects.map((id) => fill(id, handler.type, 4)))).flat();
  await using _worker = await place.work([handler], { WORKER_CONCURRENCY: 1 });
  await Promise.all(ids.map((id) => place.over(id)));
  for (let turn = 0; turn < 12; turn += 3)
    expect(new Set(gauge.started.slice(turn, turn + 3))).toEqual(new Set(projects));
});

test('limits for a project and for a kind hold across workers that race, and nothing is left lying', async () => {
  const [a, b] = await Promise.all([1, 2].map(() => place.newProject()));
  const gauge = new Gauge();
  const rare = newHandler((job) => gauge.hold(['rare', job.projectId], job));
  const common = newHandler((job) => gauge.hold([job.projectId], job));
  const settings = { WORKER_CONCURRENCY: 8, JOBS_PER_PROJECT: 3, JOB_LIMITS: { [rare.type]: 2 } };
  const ids = (
    await Promise.all([a, b].flatMap((id) => [fill(id ?? '', rare.type, 8), fill(id ?? '', common.type, 8)]))
  ).flat();
  await using _one = await place.work([rare, common], settings);
  await using _two = await place.work([rare, common], settings);
  await using _three = await place.work([rare, common], settings);
  await Promise.all(ids.map((id) => place.over(id)));
  expect(gauge.started).toHaveLength(32);
  expect(gauge.most.get('rare')).toBe(2);
  expect(gauge.most.get(a ?? '')).toBe(3);
  expect(gauge.most.get(b ?? '')).toBe(3);
});

test('of the jobs of a project the more urgent go first, and then the older', async () => {
  const projectId = await place.newProject();
  const order: string[] = [];
  const handler = newHandler(async (job) => {
    order.push(job.jobId);
  });
  const [first = '', second = '', third = '', fourth = ''] = await fill(projectId, handler.type, 4);
  const someone = { actorId: place.userId, via: 'session' } as const;
  const prioritize = (jobId: string, priority: number) =>
    transact(place.database.orm, someone, (em) => prioritizeJob(em, { projectId, jobId, priority }));
  await prioritize(third, 10);
  await prioritize(first, -1);
  await using _worker = await place.work([handler], { WORKER_CONCURRENCY: 1 });
  await Promise.all([first, second, third, fourth].map((id) => place.over(id)));
  expect(order).toEqual([third, second, fourth, first]);
  await expect(prioritize(first, 1)).rejects.toMatchObject({ errorCode: 'JOB_NOT_WAITING' });
});

test('limits are kinds of job with a number', () => {
  expect(readSettings({ JOB_LIMITS: 'media.probe=2, repositories.sync=4' }).JOB_LIMITS).toEqual({
    'media.probe': 2,
    'repositories.sync': 4,
  });
  expect(() => readSettings({ JOB_LIMITS: 'media.probe=0' })).toThrow('such as media.probe=2');
});

test('a kind whose limit is reached in hundreds of projects keeps no other kind waiting', async () => {
  const [limited, free] = [newHandler(), newHandler()];
  const { reads } = place.database;
  // In the order of the ids it lies in the middle, far from both ends.
  const ids = Array.from(
    { length: 601 },
    (_, n) => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`,
  );
  await reads.query(
    `insert into projects (id, owner_id, name, identifier) select id, $1, id::text, id::text from unnest($2::uuid[]) id`,
    [place.userId, ids],
  );
  await reads.query(
    `insert into jobs (id, job_type, project_id, status) select gen_random_uuid(), $1, id, 'queued' from unnest($2::uuid[]) id`,
    [limited.type, ids],
  );
  const wanted = ids[300] ?? '';
  await fill(wanted, free.type, 1);
  const rules = {
    types: [limited.type, free.type],
    places: 4,
    after: ids[0] ?? '',
    perProject: 4,
    perType: { [limited.type]: 1 },
  };
  const started = [await claimJobs(reads, rules), await claimJobs(reads, rules)].flat();
  expect(started.map(({ jobType }) => jobType).toSorted()).toEqual([limited.type, free.type]);
  await reads.query('delete from jobs where job_type = any($1)', [rules.types]);
});
