import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transact } from '../../src/database/transaction.ts';
import { cancelJob } from '../../src/domain/jobs/cancelJob.ts';
import { childEnvironment } from '../support/childEnvironment.ts';
import { type Workplace, openWorkplace } from './openWorkplace.ts';

let place: Workplace;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  place = await openWorkplace();
});
afterAll(async () => {
  for (const child of processes) child.kill('SIGKILL');
  await place[Symbol.asyncDispose]();
});

const files = Object.fromEntries(
  Array.from({ length: 400 }, (_, index) => [`f/${index}.txt`, `file ${index}\n`.repeat(50)]),
);

/** Starts a worker that stands still in the middle of the next sync; resolves when it does. */
async function startSlowWorker(): Promise<{ child: ChildProcess; middle: Promise<unknown> }> {
  const program = fileURLToPath(new URL('slowWorker.ts', import.meta.url));
  const parameters = [place.file.connection, place.settings, 200].map((value) => JSON.stringify(value));
  const child = spawn(process.execPath, [program, ...parameters], {
    env: childEnvironment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.push(child);
  return { child, middle: once(createInterface({ input: child.stdout }), 'line') };
}

const manifests = async (projectId: string) =>
  (
    await place.database.reads.query<{ file_count: number }>(
      'select file_count from project_manifests where project_id = $1',
      [projectId],
    )
  ).rows;

test('a sync whose worker is killed is taken up by another and leaves one whole manifest', async () => {
  const projectId = await place.newProject(await place.git.createRepository('killed', files));
  const { child, middle } = await startSlowWorker();
  const { id } = await place.sync(projectId);
  await middle;
  expect(await place.job(id)).toMatchObject({ status: 'running', attempts: 1 });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await manifests(projectId)).toEqual([]);
  await using _worker = await place.work();
  expect(await place.over(id)).toMatchObject({ status: 'completed', progress: 100, attempts: 2 });
  expect(await manifests(projectId)).toEqual([{ file_count: 400 }]);
  expect(await place.events(id)).toEqual([
    'job.queued',
    'job.started',
    'job.queued',
    'job.started',
    'job.completed',
  ]);
});

test('a sync that is cancelled in the middle leaves nothing, and its retry everything', async () => {
  const projectId = await place.newProject(await place.git.createRepository('cancelled', files));
  const { child, middle } = await startSlowWorker();
  const { id } = await place.sync(projectId);
  await middle;
  const cause = { actorId: place.userId, via: 'session' } as const;
  await transact(place.database.orm, cause, (em) => cancelJob(em, { projectId, jobId: id }));
  expect(await place.job(id)).toMatchObject({ status: 'cancelled' });
  expect(await manifests(projectId)).toEqual([]);
  child.kill('SIGKILL');
  await using _worker = await place.work();
  const again = await place.sync(projectId);
  expect(await place.over(again.id)).toMatchObject({ status: 'completed' });
  expect(await manifests(projectId)).toEqual([{ file_count: 400 }]);
});
