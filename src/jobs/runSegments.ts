import type { EntityManager } from '@mikro-orm/postgresql';
import { isOutage } from '../database/isOutage.ts';
import { captureForSegment } from '../domain/credits/holdForJob.ts';
import { longestMessage } from '../domain/jobs/endAttempt.ts';
import { type SegmentState, planSegments } from '../domain/jobs/sql/planSegments.ts';
import { type SegmentRecord, recordSegments } from '../domain/jobs/sql/recordSegments.ts';
import { TesseraError, fail } from '../errors.ts';
import type { StageView } from '../views/jobs.ts';
import type { Segment, SegmentItem, SegmentOptions } from './defineJob.ts';
import { hashInput } from './hashInput.ts';
import { SegmentLedger } from './SegmentLedger.ts';

export interface SegmentTask<Input, Result> extends SegmentOptions {
  jobId: string;
  jobType: string;
  stage: string;
  items: readonly SegmentItem<Input>[];
  work: (segment: Segment<Input>) => Promise<Result>;
  signal: AbortSignal;
  /** Credits for each unit of work. */
  unitPrice: number;
  /** A transaction that locks the job's row first, and throws when the attempt no longer holds it. */
  transact: <T>(change: (em: EntityManager) => Promise<T>) => Promise<T>;
  report: (fraction: number, message: string, segments: NonNullable<StageView['segments']>) => void;
  /** Any error as one of the table. */
  explain: (error: unknown) => TesseraError;
}

const count = new Intl.NumberFormat('en');

function recordOf({ index, attempts, costCredits }: SegmentState): SegmentRecord {
  const none = { result: null, errorCode: null, errorMessage: null };
  return { index, status: 'running', attempts: attempts + 1, costCredits, ...none };
}

/** One stage of one attempt: see `JobContext.segments`. */
export async function runSegments<Input, Result>(task: SegmentTask<Input, Result>): Promise<Result[]> {
  const { jobId, stage, items, work, signal, unitPrice, transact, report } = task;
  const planned = items.map(({ input, label, startMs, endMs }, index) => ({
    index,
    hash: hashInput(input),
    label: label?.slice(0, 255) ?? null,
    startMs: startMs ?? null,
    endMs: endMs ?? null,
  }));
  const states = await transact((em) => planSegments(em, { jobId, stage, segments: planned }));
  const results = new Map(
    states.filter(({ status }) => status === 'completed').map(({ index, result }) => [index, result]),
  );
  let failed = states.filter(({ status }) => status === 'failed').length;
  const tell = (completed: number) => {
    const total = items.length;
    const message = `${count.format(completed)} of ${count.format(total)} done`;
    report(total === 0 ? 1 : completed / total, message, { total, completed, failed });
  };
  let recorded = results.size;
  tell(recorded);

  const priceOf = ({ index, costCredits }: SegmentState) =>
    costCredits > 0 ? 0 : unitPrice * Math.ceil(Math.max(0, items[index]?.units ?? 0));

  const ledger = new SegmentLedger(async (records) => {
    await transact(async (em) => {
      await recordSegments(em, { jobId, stage, records });
      for (const { index, status } of records) {
        const state = states[index];
        if (!state || status !== 'completed') continue;
        const reason = `${task.jobType}: ${items[index]?.label ?? `${stage} ${index + 1}`}`.slice(0, 200);
        await captureForSegment(em, { jobId, segmentId: state.id, amount: priceOf(state), reason });
      }
    });
    recorded += records.filter(({ status }) => status === 'completed').length;
    failed += records.filter(({ status }) => status === 'failed').length;
    tell(recorded);
  });

  async function attempt(state: SegmentState): Promise<void> {
    const { index } = state;
    const item = items[index];
    if (!item) return;
    const record = recordOf(state);
    ledger.begin(record);
    try {
      const result = await work({ index, input: item.input, label: item.label ?? null, signal });
      results.set(index, result);
      await ledger.end({
        ...record,
        status: 'completed',
        result: result ?? null,
        costCredits: state.costCredits + priceOf(state),
      });
    } catch (error) {
      // What concerns the whole attempt ends it; the segment is then begun again.
      if (signal.aborted || results.has(index) || isOutage(error)) throw error;
      const { errorCode, message } = task.explain(error);
      const errorMessage = message.slice(0, longestMessage);
      await ledger.end({ ...record, status: 'failed', errorCode, errorMessage });
    }
  }

  const waiting = states.filter(({ status }) => status === 'pending').values();
  let isBroken = false;
  async function workOff(): Promise<void> {
    try {
      for (const state of waiting) {
        signal.throwIfAborted();
        if (isBroken) return;
        await attempt(state);
      }
    } catch (error) {
      isBroken = true;
      throw error;
    }
  }
  const places = Math.max(1, Math.min(task.concurrency ?? 1, items.length));
  const ended = await Promise.allSettled(Array.from({ length: places }, workOff));
  // What is done stays done, also when something else went wrong.
  const written = await ledger.close().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  for (const outcome of ended) if (outcome.status === 'rejected') throw outcome.reason;
  if (written) throw written.error;
  const missing = items.length - results.size;
  if (missing > 0) fail('JOB_SEGMENTS_FAILED', { failed: missing, total: items.length, stage });
  return items.map((_, index) => results.get(index) as Result);
}
