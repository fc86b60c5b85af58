import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomUUID } from 'node:crypto';
import type { JobProgress, JobView } from '../../src/views/jobs.ts';
import { type GitWorld, createGitWorld } from '../drivers/makeRepository.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let apiOnly: TestServer;
let git: GitWorld;
let ada: Person;
let bob: Person;
let projectId: string;

beforeAll(async () => {
  git = await createGitWorld();
  server = await startServer({ settings: { REPOSITORY_PATHS: git.allowed } });
  apiOnly = await startServer({ beside: server, services: new Set(['api', 'realtime']) });
  ada = await server.person('Ada');
  bob = await server.person('Bob');
  const files = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`f/${index}.txt`, `file ${index}\n`]),
  );
  const repositoryUrl = await git.createRepository('jobs', files);
  projectId = (await ada.client.projects.create.mutate({ name: 'Jobs', repositoryUrl })).id;
});
afterAll(async () => {
  await apiOnly.close();
  await server.close();
  await git[Symbol.asyncDispose]();
});

/** Collects what a watch tells until `isEnough`. */
async function collect(
  person: Person,
  jobId: string | undefined,
  isEnough: (values: JobProgress[]) => boolean,
  act: () => Promise<unknown>,
): Promise<JobProgress[]> {
  const values: JobProgress[] = [];
  const started = Promise.withResolvers<void>();
  const enough = Promise.withResolvers<void>();
  const watching = person.client.jobs.watch.subscribe(
    { projectId, ...(jobId ? { jobId } : {}) },
    {
      onStarted: () => started.resolve(),
      onData: (value) => {
        values.push(value);
        if (isEnough(values)) enough.resolve();
      },
      onError: enough.reject,
    },
  );
  await started.promise;
  await act();
  await enough.promise;
  watching.unsubscribe();
  return values;
}

const isOver = ({ status }: { status: string }) =>
  status === 'completed' || status === 'failed' || status === 'cancelled';
const sync = () => ada.client.repositories.sync.mutate({ projectId });

describe('jobs', () => {
  test('are watched live from queued to completed, progress never going back', async () => {
    let job: JobView | undefined;
    const values = await collect(
      ada,
      undefined,
      (all) => all.some((value) => value.jobId === job?.id && isOver(value)),
      async () => (job = await sync()),
    );
    const own = values.filter((value) => value.jobId === job?.id);
    expect(own.at(-1)).toMatchObject({ status: 'completed', progress: 100 });
    expect(own.map((value) => value.progress)).toEqual(
      own.map((value) => value.progress).toSorted((a, b) => a - b),
    );
    expect(own.filter((value) => value.progress === 100)).toHaveLength(1);
    expect(own.every((value) => value.updatedAt instanceof Date)).toBe(true);
    expect(await ada.client.jobs.get.query({ projectId, jobId: job?.id ?? '' })).toMatchObject({
      status: 'completed',
      progress: 100,
      attempts: 1,
    });
  });

  test('asked for at a node without a worker run at another one, and can be watched from there', async () => {
    const there = { ...ada, client: apiOnly.connect(ada.token) };
    let job: JobView | undefined;
    const values = await collect(
      there,
      undefined,
      (all) => all.some((value) => value.jobId === job?.id && isOver(value)),
      async () => (job = await there.client.repositories.sync.mutate({ projectId })),
    );
    expect(values.findLast((value) => value.jobId === job?.id)).toMatchObject({
      status: 'completed',
      progress: 100,
    });
  });

  test('that are over are told to whoever starts to watch one', async () => {
    const { items } = await ada.client.jobs.list.query({ projectId, limit: 1 });
    const jobId = items[0]?.id ?? '';
    const [first] = await collect(
      ada,
      jobId,
      (all) => all.length === 1,
      async () => {},
    );
    expect(first).toMatchObject({ jobId, status: 'completed', progress: 100 });
  });

  test('are listed newest first, page by page, by status and by kind', async () => {
    const all = await ada.client.jobs.list.query({ projectId });
    expect(all.items.length).toBeGreaterThan(1);
    const first = await ada.client.jobs.list.query({ projectId, limit: 1 });
    const rest = await ada.client.jobs.list.query({ projectId, cursor: first.nextCursor });
    expect([...first.items, ...rest.items]).toEqual(all.items);
    const times = all.items.map((item) => item.createdAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect((await ada.client.jobs.list.query({ projectId, status: 'completed' })).items).toEqual(all.items);
    expect((await ada.client.jobs.list.query({ projectId, status: 'failed' })).items).toEqual([]);
    expect((await ada.client.jobs.list.query({ projectId, jobType: 'repositories.sync' })).items).toEqual(
      all.items,
    );
    expect((await ada.client.jobs.list.query({ projectId, jobType: 'other' })).items).toEqual([]);
  });

  test('are cancelled and retried by who may, and by nobody else', async () => {
    const member = await server.person('Viewer');
    await ada.client.members.add.mutate({ projectId, actorId: member.id, role: 'viewer' });
    const { items } = await ada.client.jobs.list.query({ projectId, limit: 1 });
    const jobId = items[0]?.id ?? '';
    expect((await failureOf(member.client.jobs.cancel.mutate({ projectId, jobId }))).code).toBe('FORBIDDEN');
    expect((await failureOf(bob.client.jobs.cancel.mutate({ projectId, jobId }))).code).toBe('NOT_FOUND');
    expect((await failureOf(ada.client.jobs.cancel.mutate({ projectId, jobId }))).code).toBe(
      'JOB_NOT_CANCELLABLE',
    );
    expect((await failureOf(ada.client.jobs.retry.mutate({ projectId, jobId }))).code).toBe(
      'JOB_NOT_RETRYABLE',
    );
  });

  test('of another project are not found, by whatever procedure', async () => {
    const { items } = await ada.client.jobs.list.query({ projectId, limit: 1 });
    const jobId = items[0]?.id ?? '';
    const own = (await bob.client.projects.create.mutate({ name: 'Own' })).id;
    expect((await failureOf(bob.client.jobs.get.query({ projectId: own, jobId }))).code).toBe('NOT_FOUND');
    expect((await failureOf(bob.client.jobs.cancel.mutate({ projectId: own, jobId }))).code).toBe(
      'NOT_FOUND',
    );
    expect((await failureOf(bob.client.jobs.retry.mutate({ projectId: own, jobId }))).code).toBe('NOT_FOUND');
    expect((await bob.client.jobs.list.query({ projectId: own })).items).toEqual([]);
    for (const [project, id] of [
      [own, jobId],
      [own, randomUUID()],
      [projectId, jobId],
    ] as const) {
      const ended = Promise.withResolvers<unknown>();
      bob.client.jobs.watch.subscribe(
        { projectId: project, jobId: id },
        { onError: ended.resolve, onData: ended.reject },
      );
      expect(await ended.promise).toMatchObject({ data: { code: 'NOT_FOUND' } });
    }
  });

  test('in segments tell page by page what became of each, and one that failed is retried alone', async () => {
    const { reads } = server.tessera.services;
    const jobId = randomUUID();
    await reads.query(
      `insert into jobs (id, job_type, project_id, status, error_code, error_message, finished_at)
       values ($1, 'test.unknown', $2, 'failed', 'JOB_SEGMENTS_FAILED', 'Of 3 segments 1 is not done.', now())`,
      [jobId, projectId],
    );
    await reads.query(
      `insert into job_segments (id, job_id, stage, segment_index, label, status, attempts, error_code, error_message, finished_at)
       select gen_random_uuid(), $1, 'cut', n, 'part ' || n, (case n when 1 then 'failed' else 'completed' end)::job_status, 1,
         case n when 1 then 'REPOSITORY_EMPTY' end, case n when 1 then 'The repository has no commit yet.' end, now()
       from generate_series(0, 2) n`,
      [jobId],
    );
    const first = await ada.client.jobs.segments.query({ projectId, jobId, limit: 2 });
    const rest = await ada.client.jobs.segments.query({ projectId, jobId, cursor: first.nextCursor });
    expect([...first.items, ...rest.items].map(({ index, status }) => `${index} ${status}`)).toEqual([
      '0 completed',
      '1 failed',
      '2 completed',
    ]);
    const failed = await ada.client.jobs.segments.query({ projectId, jobId, stage: 'cut', status: 'failed' });
    expect(failed.items).toMatchObject([
      {
        label: 'part 1',
        error: { code: 'REPOSITORY_EMPTY', remedy: 'Push a first commit, then sync again.' },
      },
    ]);
    const one = { projectId, jobId, stage: 'cut', index: 1 };
    expect((await failureOf(ada.client.jobs.prioritize.mutate({ projectId, jobId, priority: 3 }))).code).toBe(
      'JOB_NOT_WAITING',
    );
    expect(await ada.client.jobs.retrySegment.mutate(one)).toMatchObject({ status: 'queued', error: null });
    expect((await failureOf(ada.client.jobs.retrySegment.mutate({ ...one, index: 0 }))).code).toBe(
      'JOB_SEGMENT_NOT_RETRYABLE',
    );
    expect(await ada.client.jobs.prioritize.mutate({ projectId, jobId, priority: 3 })).toMatchObject({
      priority: 3,
    });
    expect(
      (await failureOf(ada.client.jobs.prioritize.mutate({ projectId, jobId, priority: 11 }))).code,
    ).toBe('BAD_INPUT');
    expect((await failureOf(bob.client.jobs.segments.query({ projectId, jobId }))).code).toBe('NOT_FOUND');
    await ada.client.jobs.cancel.mutate({ projectId, jobId });
  });

  test('of a queue that nobody works off can be cancelled before they start', async () => {
    await using idle = await startServer({
      settings: { REPOSITORY_PATHS: git.allowed },
      services: new Set(['api', 'realtime']),
    });
    const person = await idle.person('Idle');
    const repositoryUrl = await git.createRepository('idle', { a: 'a' });
    const { id } = await person.client.projects.create.mutate({ name: 'Idle', repositoryUrl });
    const job = await person.client.repositories.sync.mutate({ projectId: id });
    expect(await failureOf(person.client.repositories.sync.mutate({ projectId: id }))).toMatchObject({
      code: 'JOB_ALREADY_RUNNING',
      message: expect.stringContaining(job.id),
    });
    const told = Promise.withResolvers<JobProgress>();
    const watching = person.client.jobs.watch.subscribe(
      { projectId: id, jobId: job.id },
      { onData: (value) => value.status === 'cancelled' && told.resolve(value), onError: told.reject },
    );
    expect(await person.client.jobs.cancel.mutate({ projectId: id, jobId: job.id })).toMatchObject({
      status: 'cancelled',
      error: null,
    });
    expect(await told.promise).toMatchObject({ jobId: job.id, progress: 0 });
    watching.unsubscribe();
    expect(await person.client.jobs.retry.mutate({ projectId: id, jobId: job.id })).toMatchObject({
      status: 'queued',
      progress: 0,
    });
  });
});
