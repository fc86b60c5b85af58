import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Cause } from '../database/transaction.ts';
import type { Storage } from '../drivers/storage/Storage.ts';
import type { Settings } from '../settings.ts';

/** What the worker's process offers to every handler. */
export interface JobServices {
  settings: Settings;
  /** Hot reads on the primary, outside any transaction. */
  reads: pg.Pool;
  storage: Storage;
  /** Says which job and attempt it speaks for. */
  log: Logger;
}

/** A part of a stage that can be done, fail, be tried again and be paid by itself. */
export interface SegmentItem<Input = unknown> {
  /** What it works on, as plain data; when that has changed since it was done, it is done again. */
  input: Input;
  /** What people know it by, up to 255 characters. */
  label?: string;
  /** Its place in a film or a recording, in milliseconds. */
  startMs?: number;
  endMs?: number;
  /** Units of work that it is paid for when it is delivered; one that is begun counts whole. Default: 0. */
  units?: number;
}

/** A segment that is to be done now. */
export interface Segment<Input = unknown> {
  /** From 0, in the order of the items. */
  index: number;
  input: Input;
  label: string | null;
  /** The job's. */
  signal: AbortSignal;
}

export interface SegmentOptions {
  /** Segments that are worked on at once. Default: 1. */
  concurrency?: number;
}

/** One attempt at a job, as its handler sees it. */
export interface JobContext<Stage extends string = string> extends JobServices {
  readonly jobId: string;
  readonly projectId: string;
  /**
   * Aborted when the job was cancelled, was given to another worker, or this process stops. Pass it on to
   * whatever waits or spawns, and let its reason through: the attempt ends then without a word of its own.
   */
  readonly signal: AbortSignal;
  /**
   * Says how far a stage is, from 0 to 1, and in a few words what is being done. Cheap: call it as often as
   * there is something to tell. What is shown never goes back, and reaches 100 only when the job completes.
   */
  progress(stage: Stage, fraction: number, message?: string): void;
  /**
   * Does a stage in segments: `work` is called for those that are not done yet, so that a crash or a retry redoes
   * only what is missing, and says how far the stage is. Its result (plain data, or nothing) is kept, and the
   * segment is paid, when it returns; when it throws, that segment has failed and the others go on. Called again
   * with other items, it does what is new or changed. Outputs it makes must bear being made twice: a worker that
   * is killed in between begins that segment again.
   * @returns the result of every item, in their order.
   * @throws JOB_SEGMENTS_FAILED when all others are done; the signal's reason; CREDIT_HOLD_OVER, CREDIT_HOLD_EXCEEDED
   */
  segments<Input, Result extends object | undefined | void>(
    stage: Stage,
    items: readonly SegmentItem<Input>[],
    work: (segment: Segment<Input>) => Promise<Result>,
    options?: SegmentOptions,
  ): Promise<Result[]>;
  /**
   * Changes data in a transaction, in the name of who asked for the job. It commits only if this attempt
   * still holds the job; otherwise the signal's reason is thrown and nothing is written.
   */
  transact<T>(work: (em: EntityManager) => Promise<T>): Promise<T>;
  /** For verbs that open transactions of their own, which no lost attempt holds back: they must be idempotent. */
  readonly orm: MikroORM;
  /** Who asked for the job, by way of a worker. */
  readonly cause: Cause;
}

interface JobSpec<Params extends z.ZodType, Stages extends Record<string, number>> {
  /** `area.verb`, as `jobs.job_type` keeps it. */
  type: string;
  /** Parsed anew at each start: what an earlier release queued may not fit any more. */
  params: Params;
  /** Stages in their order, each with its share of the work; the shares may add up to anything. */
  stages: Stages;
  /**
   * Units of work (minutes, files, whatever JOB_PRICES prices) that it takes at most. Their price is held when the
   * job is queued; segments are paid from it as they are delivered, and the rest is given back. Default: free.
   */
  quote?(params: z.output<Params>): number;
  /**
   * Does the work. It may be started again after a crash, so it must be able to find its own traces. A
   * TesseraError fails the job with that code; any other error as INTERNAL, with the details in the log.
   */
  run(job: JobContext<keyof Stages & string>, params: z.output<Params>): Promise<void>;
}

/** A handler, as the worker holds it beside others. */
export interface JobDefinition {
  readonly type: string;
  readonly params: z.ZodType;
  readonly stages: Readonly<Record<string, number>>;
  quote(params: unknown): number;
  run(job: JobContext, params: unknown): Promise<void>;
}

/** Defines a kind of job; add it to the list in handlers.ts. */
export function defineJob<Params extends z.ZodType, Stages extends Record<string, number>>(
  spec: JobSpec<Params, Stages>,
): JobDefinition {
  return {
    type: spec.type,
    params: spec.params,
    stages: spec.stages,
    quote: (params) => spec.quote?.(params as z.output<Params>) ?? 0,
    run: (job, params) => spec.run(job, params as z.output<Params>),
  };
}
