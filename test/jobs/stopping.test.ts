import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { type JobContext, type JobDefinition, defineJob } from '../../src/jobs/defineJob.ts';
import { type Workplace, openWorkplace } from './openWorkplace.ts';

let place: Workplace;
let projectId: string;
let types = 0;

beforeAll(async () => {
  place = await openWorkplace();
  projectId = await place.newProject();
});
afterAll(() => place[Symbol.asyncDispose]());

function newHandler(run: (job: JobContext<'first' | 'second'>) => Promise<void>): JobDefinition {
  types += 1;
  return defineJob({
    type: `stopping.kind${types}`,
    params: z.object({}),
    stages: { first: 1, second: 3 },
    run,
  });
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

describe('a worker that stops', () => {
  test('lets short work finish', async () => {
    const began = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const handler = newHandler(async () => {
      began.resolve();
      await release.promise;
    });
    await using worker = await place.work([handler]);
    const { id } = await place.enqueue(projectId, handler.type);
    await began.promise;
    const stopped = worker.stop();
    release.resolve();
    await stopped;
    expect(await place.job(id)).toMatchObject({ status: 'completed', attempts: 1 });
  });

  test('hands long work back, and another worker takes it up', async () => {
    let starts = 0;
    const began = Promise.withResolvers<void>();
    const handler = newHandler(async (job) => {
      starts += 1;
      if (starts > 1) return;
      job.progress('second', 0.5);
      began.resolve();
      await untilAborted(job.signal);
    });
    await using worker = await place.work([handler], { STOP_SECONDS: 1 });
    const { id } = await place.enqueue(projectId, handler.type);
    await began.promise;
    await worker.stop();
    expect(await place.job(id)).toMatchObject({ status: 'queued', attempts: 1 });
    await using _worker = await place.work([handler]);
    expect(await place.over(id)).toMatchObject({ status: 'completed', attempts: 2 });
    expect(await place.events(id)).toEqual([
      'job.queued',
      'job.started',
      'job.queued',
      'job.started',
      'job.completed',
    ]);
  });

  test('interrupts what runs when seven tenths of STOP_SECONDS are over, and not before', async () => {
    const began = Promise.withResolvers<AbortSignal>();
    const handler = newHandler(async ({ signal }) => {
      began.resolve(signal);
      await untilAborted(signal);
    });
    await using worker = await place.work([handler], { STOP_SECONDS: 600 });
    const { id } = await place.enqueue(projectId, handler.type);
    const signal = await began.promise;
    vi.useFakeTimers({ toFake: ['setInterval', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const stopped = worker.stop();
    vi.advanceTimersByTime(419_000);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(2_000);
    expect(signal.reason).toMatchObject({ why: 'stopping' });
    vi.useRealTimers();
    await stopped;
    expect(await place.job(id)).toMatchObject({ status: 'queued', attempts: 1 });
  });
});
