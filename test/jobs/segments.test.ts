import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { transact } from '../../src/database/transaction.ts';
import { moveCredits } from '../../src/domain/credits/moveCredits.ts';
import { verifyCredits } from '../../src/domain/credits/verifyCredits.ts';
import { cancelJob } from '../../src/domain/jobs/cancelJob.ts';
import { retryJob, retrySegment } from '../../src/domain/jobs/retryJob.ts';
import { fail } from '../../src/errors.ts';
import { makeAdmission } from '../../src/jobs/admitJob.ts';
import {
  type JobContext,
  type JobDefinition,
  type SegmentItem,
  defineJob,
} from '../../src/jobs/defineJob.ts';
import { admitJobsBy } from '../../src/jobs/enqueue.ts';
import { listSegments } from '../../src/views/sql/listSegments.ts';
import { type Workplace, openWorkplace } from './openWorkplace.ts';

type Work = JobContext<'cut' | 'join'>;

let place: Workplace;
let projectId: string;
let types = 0;
const handlers = new Map<string, JobDefinition>();
const prices = new Map<string, number>();

beforeAll(async () => {
  place = await openWorkplace();
  projectId = await place.newProject();
  admitJobsBy(place.database.orm, makeAdmission(handlers, prices));
});
afterAll(() => place[Symbol.asyncDispose]());

/** A kind of job of its own; `price` is what each unit costs, and a job quotes the units in its params. */
function newHandler(run: (job: Work, units: number) => Promise<void>, price = 0): JobDefinition {
  types += 1;
  const handler = defineJob({
    type: `segments.kind${types}`,
    params: z.object({ units: z.number().default(0) }),
    stages: { cut: 3, join: 1 },
    quote: ({ units }) => units,
    run: (job, { units }) => run(job, units),
  });
  handlers.set(handler.type, handler);
  if (price > 0) prices.set(handler.type, price);
  return handler;
}

const someone = () => ({ actorId: place.userId, via: 'session' }) as const;
const retry = (jobId: string) =>
  transact(place.database.orm, someone(), (em) => retryJob(em, { projectId, jobId }));
const retryOne = (jobId: string, index: number) =>
  transact(place.database.orm, someone(), (em) =>
    retrySegment(em, { projectId, jobId, stage: 'cut', index }),
  );
const cancel = (jobId: string) =>
  transact(place.database.orm, someone(), (em) => cancelJob(em, { projectId, jobId }));
const rows = (jobId: string) => listSegments(place.database.reads, { jobId, after: null, limit: 1_000 });
const statuses = async (jobId: string) => (await rows(jobId)).map(({ status }) => status);
const items = (count: number): SegmentItem<number>[] =>
  Array.from({ length: count }, (_, n) => ({ input: n, label: `part ${n}`, units: 1 }));

describe('a job in segments', () => {
  test('does each once, keeps what it found, and shows how far each stage is', async () => {
    const found: unknown[] = [];
    const handler = newHandler(async (job) => {
      found.push(await job.segments('cut', items(5), async ({ input }) => ({ double: input * 2 })));
      job.progress('join', 0.5);
    });
    await using _worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type);
    const done = await place.over(id);
    expect(done).toMatchObject({ status: 'completed', progress: 100 });
    expect(done.stages).toEqual([
      { name: 'cut', weight: 3, progress: 100, segments: { total: 5, completed: 5, failed: 0 } },
      { name: 'join', weight: 1, progress: 100, segments: null },
    ]);
    expect(found).toEqual([[0, 2, 4, 6, 8].map((double) => ({ double }))]);
    expect(await rows(id)).toMatchObject(
      Array.from({ length: 5 }, (_, index) => ({
        stage: 'cut',
        index,
        label: `part ${index}`,
        status: 'completed',
        attempts: 1,
      })),
    );
    const shown = place.published.filter((value) => value.jobId === id).map(({ progress }) => progress);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
  });

  test('of which one fails does the others, says why, and retried does only that one', async () => {
    const done: number[] = [];
    let isMended = false;
    const handler = newHandler(async (job) => {
      await job.segments('cut', items(4), async ({ input }) => {
        if (input === 2 && !isMended) fail('REPOSITORY_EMPTY');
        done.push(input);
      });
    });
    await using _worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type);
    const failed = await place.over(id);
    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: 'JOB_SEGMENTS_FAILED', message: expect.stringContaining('Of 4 segments') },
    });
    expect(failed.stages[0]?.segments).toEqual({ total: 4, completed: 3, failed: 1 });
    expect(await rows(id)).toMatchObject([
      { status: 'completed' },
      { status: 'completed' },
      { status: 'failed', errorCode: 'REPOSITORY_EMPTY', attempts: 1 },
      { status: 'completed' },
    ]);
    isMended = true;
    await retry(id);
    expect(await place.over(id)).toMatchObject({ status: 'completed', progress: 100 });
    expect(done).toEqual([0, 1, 3, 2]);
  });

  test('is retried for one segment, and others that failed stay as they are', async () => {
    const tried: number[] = [];
    let isMended = false;
    const handler = newHandler(async (job) => {
      await job.segments('cut', items(4), async ({ input }) => {
        tried.push(input);
        if (!isMended && input % 2 === 1) throw new Error('odd');
      });
    });
    await using _worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type);
    await place.over(id);
    isMended = true;
    await expect(retryOne(id, 0)).rejects.toMatchObject({ errorCode: 'JOB_SEGMENT_NOT_RETRYABLE' });
    await expect(retryOne(id, 4)).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
    await retryOne(id, 3);
    expect(await place.over(id)).toMatchObject({ error: { code: 'JOB_SEGMENTS_FAILED' } });
    expect(tried).toEqual([0, 1, 2, 3, 3]);
    expect(await statuses(id)).toEqual(['completed', 'failed', 'completed', 'completed']);
  });

  test('does a segment again whose input has changed, and drops those that are no more', async () => {
    let inputs = ['a', 'b', 'c'];
    const done: string[] = [];
    let fails = true;
    const handler = newHandler(async (job) => {
      const given = inputs.map((text) => ({ input: { text, more: [1, 2] } }));
      await job.segments('cut', given, async ({ input }) => {
        done.push(input.text);
      });
      if (fails) fail('REPOSITORY_EMPTY');
    });
    await using _worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type);
    await place.over(id);
    inputs = ['a', 'B'];
    fails = false;
    await retry(id);
    expect((await place.over(id)).status).toBe('completed');
    expect(done).toEqual(['a', 'b', 'c', 'B']);
    expect(await statuses(id)).toEqual(['completed', 'completed']);
  });

  test('that is cancelled leaves what is done, and retried does the rest', async () => {
    const done: number[] = [];
    const second = Promise.withResolvers<void>();
    let isFirst = true;
    const handler = newHandler(async (job) => {
      await job.segments('cut', items(3), async ({ input, signal }) => {
        if (input === 1 && isFirst) {
          second.resolve();
          await new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          });
        }
        done.push(input);
      });
    });
    await using _worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type);
    await second.promise;
    await expect.poll(() => statuses(id)).toContain('completed');
    await cancel(id);
    expect(await statuses(id)).toEqual(['completed', 'cancelled', 'cancelled']);
    isFirst = false;
    await retry(id);
    expect((await place.over(id)).status).toBe('completed');
    expect(done).toEqual([0, 1, 2]);
  });

  test('behaves as its model, whatever fails, is retried or changes', async () => {
    const plan = fc.record({
      /** What each segment works on, and whether it fails, in one run. */
      runs: fc.array(
        fc.record({
          inputs: fc.array(fc.nat(2), { maxLength: 5 }),
          failing: fc.uniqueArray(fc.nat(4)),
          retriesOne: fc.option(fc.nat(4)),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      concurrency: fc.integer({ min: 1, max: 3 }),
    });
    let at: { inputs: number[]; failing: number[] } | undefined;
    let concurrency = 1;
    let called: number[] = [];
    const handler = newHandler(async (job) => {
      const now = at;
      if (!now) return;
      const given = now.inputs.map((input) => ({ input }));
      await job.segments(
        'cut',
        given,
        async ({ index }) => {
          called.push(index);
          if (now.failing.includes(index)) fail('REPOSITORY_EMPTY');
        },
        { concurrency },
      );
      // So that it can be retried whatever its segments do.
      fail('MANIFEST_MISSING');
    });
    await using _worker = await place.work([handler]);
    await fc.assert(
      fc.asyncProperty(plan, async ({ runs, concurrency: places }) => {
        concurrency = places;
        const model: { input: number; status: 'completed' | 'failed' | 'pending' }[] = [];
        let id = '';
        for (const [n, run] of runs.entries()) {
          const one = run.retriesOne === null ? undefined : model[run.retriesOne];
          at = run;
          called = [];
          if (n === 0) id = (await place.enqueue(projectId, handler.type)).id;
          else if (one?.status === 'failed') {
            await retryOne(id, run.retriesOne ?? 0);
            one.status = 'pending';
          } else {
            await retry(id);
            for (const segment of model) if (segment.status === 'failed') segment.status = 'pending';
          }
          const expected: number[] = [];
          model.length = Math.min(model.length, run.inputs.length);
          for (const [index, input] of run.inputs.entries()) {
            const known = model[index];
            if (known?.input === input && known.status !== 'pending') continue;
            expected.push(index);
            model[index] = { input, status: run.failing.includes(index) ? 'failed' : 'completed' };
          }
          const over = await place.over(id);
          expect(over.status).toBe('failed');
          expect(called.toSorted((a, b) => a - b)).toEqual(expected);
          expect(await statuses(id)).toEqual(model.map(({ status }) => status));
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('a job that costs', () => {
  const give = (amount: number) =>
    transact(place.database.orm, someone(), (em) =>
      moveCredits(em, {
        userId: place.userId,
        delta: amount,
        kind: amount > 0 ? 'grant' : 'correction',
        reason: 'for a test',
        key: randomUUID(),
      }),
    );
  async function account(): Promise<{ credits: number; held: number }> {
    const { rows: found } = await place.database.reads.query<{ credits: number; held: number }>(
      'select credits::int, credits_held::int as held from actors where id = $1',
      [place.userId],
    );
    return found[0] ?? { credits: 0, held: 0 };
  }
  /** The account has exactly so much, and nothing held. */
  async function begin(amount: number): Promise<void> {
    const { credits } = await account();
    if (credits !== amount) await give(amount - credits);
  }

  test('holds what it quotes, pays for segments as they are delivered, and gives back the rest', async () => {
    await begin(100);
    const half = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const handler = newHandler(async (job) => {
      await job.segments('cut', items(4), async ({ input }) => {
        if (input !== 2) return;
        half.resolve();
        await goOn.promise;
      });
    }, 5);
    const { id } = await place.enqueue(projectId, handler.type, { units: 10 });
    expect(await account()).toEqual({ credits: 100, held: 50 });
    await using _worker = await place.work([handler]);
    await half.promise;
    await expect.poll(account).toEqual({ credits: 90, held: 40 });
    goOn.resolve();
    expect(await place.over(id)).toMatchObject({ status: 'completed', costCredits: 20 });
    expect(await account()).toEqual({ credits: 80, held: 0 });
    expect((await rows(id)).map(({ costCredits }) => costCredits)).toEqual([5, 5, 5, 5]);
    expect(await verifyCredits(place.database.orm)).toEqual([]);
  });

  test('is not queued without enough credits, nor with bad params', async () => {
    await begin(49);
    const handler = newHandler(async () => {}, 5);
    const count = async () =>
      (await place.database.reads.query('select from jobs where job_type = $1', [handler.type])).rowCount;
    await expect(place.enqueue(projectId, handler.type, { units: 10 })).rejects.toMatchObject({
      errorCode: 'CREDITS_NOT_ENOUGH',
    });
    await expect(place.enqueue(projectId, handler.type, { units: 'ten' })).rejects.toMatchObject({
      errorCode: 'JOB_PARAMS_REFUSED',
      fields: { units: expect.any(String) },
    });
    expect(await count()).toBe(0);
    expect(await account()).toEqual({ credits: 49, held: 0 });
  });

  test('and fails pays only for what it delivered; retried, it holds the rest anew and pays nothing twice', async () => {
    await begin(100);
    let isMended = false;
    const handler = newHandler(async (job) => {
      await job.segments('cut', items(4), async ({ input }) => {
        if (input >= 2 && !isMended) fail('REPOSITORY_EMPTY');
      });
    }, 10);
    await using _worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type, { units: 4 });
    expect(await place.over(id)).toMatchObject({ status: 'failed', costCredits: 20 });
    expect(await account()).toEqual({ credits: 80, held: 0 });
    isMended = true;
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => retry(id)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await place.over(id)).toMatchObject({ status: 'completed', costCredits: 40 });
    expect(await account()).toEqual({ credits: 60, held: 0 });
    expect(await verifyCredits(place.database.orm)).toEqual([]);
  });

  test('and is cancelled while it delivers agrees with its account, whoever comes first', async () => {
    await begin(1_000);
    const handler = newHandler(async (job) => {
      await job.segments('cut', items(30), async () => {}, { concurrency: 3 });
    }, 3);
    await using _worker = await place.work([handler]);
    const jobs = await Promise.all(
      Array.from({ length: 10 }, () => place.enqueue(projectId, handler.type, { units: 30 })),
    );
    await Promise.allSettled(jobs.map(({ id }) => cancel(id)));
    const ended = await Promise.all(jobs.map(({ id }) => place.over(id)));
    await _worker.stop();
    const paid = await Promise.all(
      jobs.map(async ({ id }) => (await rows(id)).reduce((sum, { costCredits }) => sum + costCredits, 0)),
    );
    const views = await Promise.all(ended.map(({ id }) => place.job(id)));
    expect(views.map(({ costCredits }) => costCredits)).toEqual(paid);
    const { credits, held } = await account();
    expect({ credits, held }).toEqual({ credits: 1_000 - paid.reduce((a, b) => a + b, 0), held: 0 });
    expect(await verifyCredits(place.database.orm)).toEqual([]);
  });

  test('of twenty at once with credits for seven, exactly seven are queued', async () => {
    await begin(79);
    const handler = newHandler(async () => {}, 1);
    const asked = await Promise.allSettled(
      Array.from({ length: 20 }, () => place.enqueue(projectId, handler.type, { units: 11 })),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await account()).toEqual({ credits: 79, held: 77 });
    for (const one of asked) if (one.status === 'fulfilled') await cancel(one.value.id);
    expect(await account()).toEqual({ credits: 79, held: 0 });
  });
});
