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
    run: (job, params) => spec.run(job, params as z.output<Params>),
  };
}
