import type pg from 'pg';
import type { Logger } from 'pino';
import type { Attempt } from '../domain/jobs/holdAttempt.ts';
import type { JobProgress } from '../views/jobs.ts';
import { Interruption } from './Interruption.ts';
import type { ProgressMeter, Reading } from './ProgressMeter.ts';
import { beat } from './sql/heartbeat.ts';

const tickMs = 1_000;
const beatMs = 2_000;
const publishMs = 100;

export interface JobRunOptions extends Attempt {
  meter: ProgressMeter;
  pool: pg.Pool;
  log: Logger;
  publish: (progress: JobProgress) => void;
}

/**
 * The outward side of one attempt while it runs: its heartbeat, its progress (on the lane up to ten times a
 * second, in the row once a second), and its AbortSignal.
 */
export class JobRun {
  readonly #options: JobRunOptions;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #beating: Promise<void> | undefined;
  #beatAt = Date.now();
  #written: number;
  #publishedAt = 0;
  #published: Reading | undefined;

  constructor(options: JobRunOptions) {
    this.#options = options;
    this.#written = options.meter.reading.percent;
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  report(stage: string, fraction: number, message: string | null): void {
    if (this.signal.aborted || !this.#options.meter.report(stage, fraction, message)) return;
    const isNewStage = this.#published?.stage !== stage;
    if (isNewStage || Date.now() - this.#publishedAt >= publishMs) this.#publish();
  }

  /** Breaks the attempt off. */
  interrupt(why: Interruption['why']): void {
    if (!this.signal.aborted) this.#abort.abort(new Interruption(why));
  }

  /** Looks now whether the attempt still holds the job, and interrupts it if not. */
  async check(): Promise<void> {
    this.#beating ??= this.#beat().finally(() => (this.#beating = undefined));
    await this.#beating;
  }

  /** Ends the heartbeat; waits for the one that is on its way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
  }

  #tick(): void {
    if (this.signal.aborted) return;
    const { reading } = this.#options.meter;
    if (reading !== this.#published && reading.stage !== null) this.#publish();
    if (reading.percent > this.#written || Date.now() - this.#beatAt >= beatMs) void this.check();
  }

  async #beat(): Promise<void> {
    const { pool, log, meter } = this.#options;
    const { percent } = meter.reading;
    this.#beatAt = Date.now();
    try {
      if (await beat(pool, this.#options, percent)) this.#written = percent;
      else this.interrupt('lost');
    } catch (error) {
      // The database may be back before anyone else takes the job; the fence holds if it is not.
      log.warn({ err: error }, 'the heartbeat of a job failed');
    }
  }

  #publish(): void {
    const { jobId, meter, publish } = this.#options;
    const { percent, stage, message } = meter.reading;
    this.#published = meter.reading;
    this.#publishedAt = Date.now();
    publish({ jobId, status: 'running', progress: percent, stage, message, updatedAt: new Date() });
  }
}
