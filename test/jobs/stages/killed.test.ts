import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transact } from '../../../src/database/transaction.ts';
import { moveCredits } from '../../../src/domain/credits/moveCredits.ts';
import { verifyCredits } from '../../../src/domain/credits/verifyCredits.ts';
import { makeAdmission } from '../../../src/jobs/admitJob.ts';
import { admitJobsBy } from '../../../src/jobs/enqueue.ts';
import { childEnvironment } from '../../support/childEnvironment.ts';
import { type Workplace, openWorkplace } from '../openWorkplace.ts';
import { makeStagedJob, segmentsOfStage, stagedType } from './stagedJob.ts';

let place: Workplace;

beforeAll(async () => {
  place = await openWorkplace();
});
afterAll(() => place[Symbol.asyncDispose]());

const steps = [...segmentSteps('cut'), 'between', ...segmentSteps('join')];
function segmentSteps(stage: string): string[] {
  return Array.from({ length: segmentsOfStage }, (_, index) => `${stage} ${index}`);
}

test('a worker killed in any stage loses its jobs to another, which does only what is missing', async () => {
  const redone: string[] = [];
  const handler = makeStagedJob(async (jobId, step) => {
    redone.push(`${jobId} ${step}`);
  });
  const { orm, reads } = place.database;
  admitJobsBy(orm, makeAdmission(new Map([[stagedType, handler]]), new Map([[stagedType, 2]])));
  const cause = { actorId: place.userId, via: 'session' } as const;
  await transact(orm, cause, (em) =>
    moveCredits(em, {
      userId: place.userId,
      delta: 100,
      kind: 'grant',
      reason: 'to be spent',
      key: 'grant:once',
    }),
  );
  const program = fileURLToPath(new URL('slowWorker.ts', import.meta.url));
  const parameters = [place.file.connection, place.settings].map((value) => JSON.stringify(value));
  const child = spawn(process.execPath, [program, ...parameters], {
    env: childEnvironment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const projectId = await place.newProject();
  const stops = ['cut 1', 'between', 'join 2'];
  const jobs = new Map<string, string>();
  for (const stop of stops) jobs.set(stop, (await place.enqueue(projectId, stagedType, { stop })).id);
  const still = new Set<string>();
  for await (const line of createInterface({ input: child.stdout })) {
    still.add(line);
    if (still.size === stops.length) break;
  }
  const countDone = async () =>
    Number(
      (await reads.query(`select count(*) from job_segments where status = 'completed'`)).rows[0]?.count,
    );
  await expect.poll(countDone).toBe(1 + 3 + 5);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await using _worker = await place.work([handler]);
  const ended = await Promise.all([...jobs.values()].map((id) => place.over(id)));
  for (const job of ended) expect(job).toMatchObject({ status: 'completed', attempts: 2, costCredits: 12 });
  for (const stop of stops) {
    const id = jobs.get(stop) ?? '';
    // What is not divided is done again.
    const missing = steps.filter((step, at) => at >= steps.indexOf(stop) || step === 'between');
    expect(redone.filter((line) => line.startsWith(id)).map((line) => line.slice(id.length + 1))).toEqual(
      missing,
    );
  }
  const { rows } = await reads.query(
    'select credits::int, credits_held::int as held from actors where id = $1',
    [place.userId],
  );
  expect(rows).toEqual([{ credits: 100 - 3 * 12, held: 0 }]);
  expect(await verifyCredits(orm)).toEqual([]);
});
