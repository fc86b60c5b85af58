import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cancelJob } from '../../../src/domain/jobs/cancelJob.ts';
import { retryJob } from '../../../src/domain/jobs/retryJob.ts';
import { expireHolds } from '../../../src/domain/credits/expireHolds.ts';
import { captureForSegment, holdForJob, releaseJob } from '../../../src/domain/credits/holdForJob.ts';
import { moveCredits } from '../../../src/domain/credits/moveCredits.ts';
import { type CreditWorld, countOutcomes, makeCreditWorld } from '../../support/creditWorld.ts';

let world: CreditWorld;
beforeAll(async () => {
  world = await makeCreditWorld();
});
afterAll(() => world.server.close());
afterEach(() => world.checkRecords());

const past = new Date(Date.now() - 1000);
const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const hold = (jobId: string, projectId: string, amount: number, more: object = {}) =>
  world.act((em) => holdForJob(em, { jobId, projectId, amount, ...more }));
const capture = (jobId: string, amount: number, segmentId: string = randomUUID()) =>
  world.act((em) => captureForSegment(em, { jobId, segmentId, amount, reason: 'a segment' }));
const release = (jobId: string) => world.act((em) => releaseJob(em, jobId));
const holdOf = async (jobId: string) =>
  (
    await world.query<{ status: string; captured: number }>(
      'select status, captured::int from credit_holds where job_id = $1 order by created_at, id',
      [jobId],
    )
  ).map(({ status, captured }) => `${status} ${captured}`);

describe('holds', () => {
  test('of twenty jobs at once with credits for seven, exactly seven get theirs', async () => {
    const { person, projectId } = await world.makeAccount(79);
    const jobs = await Promise.all(times(20, () => world.makeJob(projectId)));
    const { done, refused } = await countOutcomes(jobs.map((jobId) => hold(jobId, projectId, 11)));
    expect(done).toBe(7);
    expect(new Set(refused)).toEqual(new Set(['CREDITS_NOT_ENOUGH']));
    expect(await world.accountOf(person.id)).toEqual({ credits: 79, held: 77, debt: 0 });
  });

  test('the same hold asked for fifty times at once is one, and another amount is a conflict', async () => {
    const { person, projectId } = await world.makeAccount(100);
    const jobId = await world.makeJob(projectId);
    const { done } = await countOutcomes(times(50, () => hold(jobId, projectId, 10)));
    expect(done).toBe(50);
    expect(await world.accountOf(person.id)).toEqual({ credits: 100, held: 10, debt: 0 });
    await expect(hold(jobId, projectId, 11)).rejects.toMatchObject({ errorCode: 'CONFLICT' });
    await expect(hold(jobId, projectId, 10, { key: 'another' })).resolves.toBeUndefined();
    await expect(
      hold(await world.makeJob(projectId), projectId, 10, { key: `job:${jobId}` }),
    ).rejects.toMatchObject({
      errorCode: 'CONFLICT',
    });
  });

  test('who catches the refusal and goes on has held nothing', async () => {
    const { person, projectId } = await world.makeAccount(5);
    const jobId = await world.makeJob(projectId);
    await world.act((em) => holdForJob(em, { jobId, projectId, amount: 6 }).catch(() => {}));
    expect(await holdOf(jobId)).toEqual([]);
    expect(await world.accountOf(person.id)).toEqual({ credits: 5, held: 0, debt: 0 });
  });
});

describe('changes', () => {
  test('the same key fifty times at once has one effect, and another body under it is a conflict', async () => {
    const { person } = await world.makeAccount(0);
    const change = {
      userId: person.id,
      delta: 30,
      kind: 'grant',
      reason: 'once',
      key: 'grant:once',
    } as const;
    const outcomes = await Promise.all(times(50, () => world.act((em) => moveCredits(em, change))));
    expect(outcomes.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(outcomes.map(({ changeId }) => changeId)).size).toBe(1);
    expect(await world.accountOf(person.id)).toEqual({ credits: 30, held: 0, debt: 0 });
    for (const other of [{ delta: 31 }, { reason: 'twice' }, { kind: 'purchase' as const }])
      await expect(world.act((em) => moveCredits(em, { ...change, ...other }))).rejects.toMatchObject({
        errorCode: 'CONFLICT',
      });
  });

  test('forty spenders at once of an account for twenty-five never take it below nothing', async () => {
    const { person } = await world.makeAccount(25);
    const spend = (n: number) =>
      world.act((em) =>
        moveCredits(em, {
          userId: person.id,
          delta: -1,
          kind: 'correction',
          reason: 'spent',
          key: `spend:${n}`,
        }),
      );
    const { done, refused } = await countOutcomes(times(40, spend));
    expect(done).toBe(25);
    expect(refused).toEqual(times(15, () => 'CREDITS_NOT_ENOUGH'));
    expect(await world.accountOf(person.id)).toEqual({ credits: 0, held: 0, debt: 0 });
  });
});

describe('what is held for a job', () => {
  test('is charged by segments, each once however often and however many at once', async () => {
    const { person, projectId } = await world.makeAccount(50);
    const jobId = await world.makeJob(projectId, 'running');
    await hold(jobId, projectId, 30);
    const segments = times(3, () => randomUUID());
    await Promise.all(segments.flatMap((segment) => times(8, () => capture(jobId, 5, segment))));
    expect(await world.accountOf(person.id)).toEqual({ credits: 35, held: 15, debt: 0 });
    await expect(capture(jobId, 6, segments[0])).rejects.toMatchObject({ errorCode: 'CONFLICT' });
    await expect(capture(jobId, 16)).rejects.toMatchObject({ errorCode: 'CREDIT_HOLD_EXCEEDED' });
    await release(jobId);
    expect(await world.accountOf(person.id)).toEqual({ credits: 35, held: 0, debt: 0 });
    expect(await holdOf(jobId)).toEqual(['captured 15']);
    // Told again by a worker that did not hear the answer: it is paid already.
    await capture(jobId, 5, segments[0]);
    await expect(capture(jobId, 5)).rejects.toMatchObject({ errorCode: 'CREDIT_HOLD_OVER' });
  });

  test('ends once, however capture, release and expiry race', async () => {
    const { orm } = world.server.tessera.services;
    const { person, projectId } = await world.makeAccount(1000);
    const jobs = await Promise.all(times(24, () => world.makeJob(projectId)));
    await Promise.all(jobs.map((jobId) => hold(jobId, projectId, 10, { expiresAt: past })));
    const captured = await Promise.all([
      ...jobs.map((jobId) =>
        capture(jobId, 4).then(
          () => 4,
          () => 0,
        ),
      ),
      ...jobs.map((jobId, n) => (n % 2 === 0 ? release(jobId).then(() => 0) : 0)),
      expireHolds(orm).then(() => 0),
      expireHolds(orm).then(() => 0),
    ]);
    await expireHolds(orm);
    const spent = captured.reduce<number>((sum, amount) => sum + amount, 0);
    expect(await world.accountOf(person.id)).toEqual({ credits: 1000 - spent, held: 0, debt: 0 });
    for (const jobId of jobs) expect(await holdOf(jobId)).toHaveLength(1);
  });

  test('does not expire under a job that runs, and does under one that waits', async () => {
    const { orm } = world.server.tessera.services;
    const { person, projectId } = await world.makeAccount(20);
    const [running, waiting] = [await world.makeJob(projectId, 'running'), await world.makeJob(projectId)];
    for (const jobId of [running, waiting]) await hold(jobId, projectId, 10, { expiresAt: past });
    await expireHolds(orm);
    expect([await holdOf(running), await holdOf(waiting)]).toEqual([['held 0'], ['expired 0']]);
    expect(await world.accountOf(person.id)).toEqual({ credits: 20, held: 10, debt: 0 });
  });

  test('comes back when the job is cancelled, and what was not charged is held again when it is retried', async () => {
    const { person, projectId } = await world.makeAccount(20);
    const jobId = await world.makeJob(projectId);
    await hold(jobId, projectId, 12);
    await capture(jobId, 5);
    await world.act((em) => cancelJob(em, { projectId, jobId }));
    expect(await world.accountOf(person.id)).toEqual({ credits: 15, held: 0, debt: 0 });
    await world.act((em) => retryJob(em, { projectId, jobId }));
    expect(await world.accountOf(person.id)).toEqual({ credits: 15, held: 7, debt: 0 });
    expect(await holdOf(jobId)).toEqual(['captured 5', 'held 0']);
    await world.act((em) => cancelJob(em, { projectId, jobId }));
    await world.act((em) =>
      moveCredits(em, { userId: person.id, delta: -10, kind: 'correction', reason: 'gone', key: 'gone' }),
    );
    await expect(world.act((em) => retryJob(em, { projectId, jobId }))).rejects.toMatchObject({
      errorCode: 'CREDITS_NOT_ENOUGH',
    });
    const [job] = await world.query('select status, cost_credits::int as cost from jobs where id = $1', [
      jobId,
    ]);
    expect(job).toEqual({ status: 'cancelled', cost: 5 });
  });

  test('comes back when a worker completes or fails the job', async () => {
    const { failJob } = await import('../../../src/domain/jobs/endAttempt.ts');
    const { Finisher } = await import('../../../src/jobs/Finisher.ts');
    const { TesseraError } = await import('../../../src/errors.ts');
    const { person, projectId } = await world.makeAccount(20);
    const ends = [
      (jobId: string) =>
        new Finisher(world.server.tessera.services.orm).complete({
          jobId,
          attempt: 0,
          userId: null,
          stages: [],
        }),
      (jobId: string) =>
        world.act((em) =>
          failJob(em, { jobId, attempt: 0 }, new TesseraError('JOB_ABANDONED', { attempts: 5 })),
        ),
    ];
    for (const end of ends) {
      const jobId = await world.makeJob(projectId, 'running');
      await hold(jobId, projectId, 10);
      await capture(jobId, 2);
      expect(await end(jobId)).toBe(true);
      expect(await holdOf(jobId)).toEqual(['captured 2']);
    }
    expect(await world.accountOf(person.id)).toEqual({ credits: 16, held: 0, debt: 0 });
  });
});
