import type pg from 'pg';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { JobRun } from '../../src/jobs/JobRun.ts';
import { ProgressMeter } from '../../src/jobs/ProgressMeter.ts';
import type { JobProgress } from '../../src/views/jobs.ts';

function startRun() {
  const told: JobProgress[] = [];
  const run = new JobRun({
    jobId: 'a job',
    attempt: 1,
    meter: new ProgressMeter({ cut: 1 }, { percent: 0 }),
    pool: { query: async () => ({ rows: [{ updated_at: new Date() }] }) } as unknown as pg.Pool,
    log: pino({ level: 'silent' }),
    publish: (progress) => told.push(progress),
  });
  onTestFinished(() => run.close());
  return { run, told };
}

const counts = { total: 2, completed: 1, failed: 0 };

test('what is said twice is told once, unless it is of segments, which may have begun without their counts showing it', () => {
  const { run, told } = startRun();
  run.report('cut', 0.5, 'half');
  run.report('cut', 0.5, 'half');
  expect(told).toHaveLength(1);
  run.report('cut', 0.5, '1 of 2 done', counts);
  run.report('cut', 0.5, '1 of 2 done', counts);
  expect(told).toHaveLength(3);
});

test('nothing is told of a job whose handler works no more', () => {
  const { run, told } = startRun();
  run.fallSilent();
  run.report('cut', 0.5, 'late');
  expect(told).toEqual([]);
});
