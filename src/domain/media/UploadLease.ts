import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { beatLease, dropLease, takeLease } from './sql/uploadLease.ts';

const beatMs = 1_000;
const askMs = 100;

/**
 * That one request at a time, on all nodes together, writes or completes an upload. Who holds it renews it every
 * second; a node that dies loses it after ten. Who waits for it makes that known, and the holder lets go.
 */
export class UploadLease {
  readonly #pool: pg.Pool;
  readonly #mediaId: string;
  readonly #holder = randomUUID();
  #timer: NodeJS.Timeout | undefined;

  constructor(pool: pg.Pool, mediaId: string) {
    this.#pool = pool;
    this.#mediaId = mediaId;
  }

  /**
   * @param options.onWanted called when somebody else waits for it, or has it already.
   * @returns false when the holder did not let go within `waitMs`, or the signal was aborted.
   */
  async take({
    waitMs,
    signal,
    onWanted,
  }: {
    waitMs: number;
    signal?: AbortSignal;
    onWanted?: () => void;
  }): Promise<boolean> {
    const until = Date.now() + waitMs;
    while (!(await takeLease(this.#pool, this.#mediaId, this.#holder))) {
      if (Date.now() >= until || signal?.aborted) return false;
      await sleep(askMs);
    }
    this.#timer = setInterval(() => void this.#beat(onWanted), beatMs);
    return true;
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    // Nobody is kept waiting for long without it: it runs out.
    await dropLease(this.#pool, this.#mediaId, this.#holder).catch(() => {});
  }

  async #beat(onWanted: (() => void) | undefined): Promise<void> {
    const state = await beatLease(this.#pool, this.#mediaId, this.#holder).catch(() => 'lost' as const);
    if (state !== 'held') onWanted?.();
  }
}
