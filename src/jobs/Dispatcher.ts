import type { Logger } from 'pino';
import type { ClaimRules, ClaimedJob } from './sql/claimJobs.ts';

/** Milliseconds after which it looks without being woken: for what was delayed, and should a wake-up be lost. */
const pollMs = 2_000;

export interface DispatcherOptions {
  /** Jobs that run here at once, at most. */
  concurrency: number;
  rules: Pick<ClaimRules, 'types' | 'perProject' | 'perType'>;
  start: (rules: ClaimRules) => Promise<ClaimedJob[]>;
  /** Sees a started job to its end; never throws. @param free to be called when its handler works no more. */
  run: (job: ClaimedJob, free: () => void) => Promise<void>;
  log: Logger;
}

/**
 * Keeps the places of one worker filled: takes waiting jobs whenever it is woken, a place becomes free, or two
 * seconds have passed.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  /** Jobs whose end is not written yet. */
  readonly #running = new Set<Promise<void>>();
  #taken = 0;
  readonly #timer: NodeJS.Timeout;
  #isAsked = false;
  #isClosed = false;
  #looking: Promise<void> | undefined;
  /** Where the turn of the projects stands; workers that start together do not all start with the same one. */
  #after: string = crypto.randomUUID();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.wake(), pollMs);
    this.wake();
  }

  /** There may be something to start. */
  wake(): void {
    this.#isAsked = true;
    if (this.#isClosed) return;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#isAsked && this.#places > 0) this.wake();
    });
  }

  /** Starts nothing more, and waits for what runs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#looking;
    await Promise.all(this.#running);
  }

  get #places(): number {
    return this.#isClosed ? 0 : this.#options.concurrency - this.#taken;
  }

  async #look(): Promise<void> {
    const { rules, start, log } = this.#options;
    try {
      while (this.#isAsked && this.#places > 0) {
        this.#isAsked = false;
        const jobs = await start({ ...rules, places: this.#places, after: this.#after });
        // There may be more, also of those that a limit kept back behind these.
        if (jobs.length > 0) this.#isAsked = true;
        for (const job of jobs) this.#begin(job);
      }
    } catch (error) {
      log.warn({ err: error }, 'looking for jobs to start failed; it is tried again');
      this.#isAsked = false;
    }
  }

  #begin(job: ClaimedJob): void {
    this.#after = job.projectId;
    this.#taken += 1;
    let isFree = false;
    const free = (): void => {
      if (isFree) return;
      isFree = true;
      this.#taken -= 1;
      // Together with those that end in the same turn.
      setImmediate(() => this.wake());
    };
    const running = this.#options.run(job, free).finally(() => {
      free();
      this.#running.delete(running);
      // What a limit kept back may start now.
      this.wake();
    });
    this.#running.add(running);
  }
}
