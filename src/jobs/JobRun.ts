import type pg from 'pg';
import type { Logger } from 'pino';
import type { Attempt } from '../domain/jobs/holdAttempt.ts';
import type { JobProgress, StageView } from '../views/jobs.ts';
import { Interruption } from './Interruption.ts';
import type { ProgressMeter } from './ProgressMeter.ts';
import { beat } from './sql/heartbeat.ts';

const tickMs = 1_000;
export const beatMs = 2_000;
/** Many hints come at once when much happens in a project. */
const hintMs = 50;

export interface JobRunOptions extends Attempt {
  meter: ProgressMeter;
  pool: pg.Pool;
  log: Logger;
  publish: (progress: JobProgress) => void;
}

/**
 * The outward side of one attempt while it runs: its heartbeat (every two seconds), its progress (on the
 * lane as it comes, in the row once a second), and its AbortSignal.
 */
export class JobRun {
  readonly #options: JobRunOptions;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #hinted: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();
  #beatAt = Date.now();
  /** There is something to tell that the row does not say yet. */
  #isBehind = true;
  /** The handler works no more; what became of it is told by who writes it. */
  #isSilent = false;

  constructor(options: JobRunOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  report(stage: string, fraction: number, message: string | null, segments?: StageView['segments']): void {
    const { meter } = this.#options;
    if (this.#isSilent || this.signal.aborted) return;
    const isNew = meter.report(stage, fraction, message, segments ?? undefined);
    // Segments may have begun, which their counts do not show.
    if (!isNew && !segments) return;
    this.#isBehind = true;
    this.#tell(new Date());
  }

  /** Nothing more is told of how far it is; the heartbeat goes on. */
  fallSilent(): void {
    this.#isSilent = true;
  }

  #tell(updatedAt: Date): void {
    const { jobId, meter, publish } = this.#options;
    const { percent: progress, stage, message } = meter.reading;
    publish({ jobId, status: 'running', progress, stage, message, stages: meter.stages, updatedAt });
  }

  /** Its stages as they stand. */
  get meter(): ProgressMeter {
    return this.#options.meter;
  }

  /** Breaks the attempt off. */
  interrupt(why: Interruption['why']): void {
    if (!this.signal.aborted) this.#abort.abort(new Interruption(why));
  }

  /** Something happened in the project, perhaps to this job: looks soon whether this attempt still holds it. */
  hint(): void {
    this.#hinted ??= setTimeout(() => {
      this.#hinted = undefined;
      this.#beat();
    }, hintMs);
  }

  /** Ends the heartbeat; waits for the one that is on its way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#hinted);
    await this.#beating;
  }

  #tick(): void {
    if (this.#isBehind || Date.now() - this.#beatAt >= beatMs) this.#beat();
  }

  /** One at a time: a database that is slow to answer gets no second heartbeat before the first. */
  #beat(): void {
    if (this.signal.aborted) return;
    this.#beatAt = Date.now();
    this.#beating = this.#beating.then(() => this.#writeBeat());
  }

  async #writeBeat(): Promise<void> {
    const { pool, log, meter, jobId, attempt } = this.#options;
    const stages = this.#isBehind ? meter.stages : null;
    this.#isBehind = false;
    try {
      const writtenAt = await beat(pool, { jobId, attempt }, meter.reading.percent, stages);
      if (!writtenAt) this.interrupt('lost');
      // Once more: who came since then read the row as it was before, and to who reads it now it is the newer of the two.
      else if (stages && !this.#isBehind && !this.#isSilent && !this.signal.aborted) this.#tell(writtenAt);
    } catch (error) {
      this.#isBehind = true;
      // The database may be back before anyone else takes the job; the fence holds if it is not.
      log.warn({ err: error, jobId }, 'the heartbeat of a job failed');
    }
  }
}
