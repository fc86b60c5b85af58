import { afterAll, beforeAll, expect, test } from 'vitest';
import { beatMs } from '../../src/jobs/JobRun.ts';
import { findAbandoned } from '../../src/jobs/sql/findAbandoned.ts';
import { everyMs, silentSeconds } from '../../src/jobs/startRecovery.ts';
import { type Workplace, openWorkplace } from './openWorkplace.ts';

let place: Workplace;

beforeAll(async () => {
  place = await openWorkplace();
});
afterAll(() => place[Symbol.asyncDispose]());

const jobType = 'silent.work';

/** A running job whose worker gave its last sign of life so many seconds ago, by the database's clock. */
async function insertRunning(seconds: number): Promise<string> {
  const { rows } = await place.database.reads.query<{ id: string }>(
    `insert into jobs (id, job_type, project_id, status, attempts, heartbeat_at)
     values (gen_random_uuid(), $1, $2, 'running', 1, now() - make_interval(secs => $3)) returning id`,
    [jobType, await place.newProject(), seconds],
  );
  return rows[0]?.id ?? '';
}

test('a job is taken from a dead worker less than ten seconds after its last heartbeat, and from a live one not for a late one', () => {
  // Silent for so long, and then until somebody looks.
  expect(silentSeconds * 1000 + everyMs).toBeLessThan(10_000);
  // Two heartbeats may be missed.
  expect(3 * beatMs).toBeLessThanOrEqual(silentSeconds * 1000);
});

test('of running jobs those are abandoned whose heartbeat is older than that', async () => {
  const dead = await insertRunning(silentSeconds + 0.5);
  // Far from the limit, for a machine that stands still meanwhile.
  await insertRunning(silentSeconds - 60);
  const find = (except: string[]) =>
    findAbandoned(place.database.reads, { silentSeconds, types: [jobType], except });
  expect(await find([])).toEqual([{ jobId: dead, attempt: 1 }]);
  expect(await find([dead])).toEqual([]);
  const other = { silentSeconds, types: ['other.work'], except: [] };
  expect(await findAbandoned(place.database.reads, other)).toEqual([]);
});
