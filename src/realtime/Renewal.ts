import type { Deadlines, Waiter } from './Deadlines.ts';

/** Long waits are whole minutes first, for all together: thousands wait here, and a timer for each is dear. */
export const minuteMs = 60_000;
/** With less time left than this nobody can come back before it is over. */
const leastMs = 1_000;

/**
 * Milliseconds until a client should be asked to come back with a fresh credential: some time before the one
 * it has runs out, spread at random over half of that time, so that those who signed in together do not come
 * together. Of a credential that has little time left, half of that, or a client that brings the same one
 * again would be asked at once, again and again.
 * @param leftMs until the credential runs out. @returns undefined: it is too late to ask.
 */
export function askAfter(leftMs: number, leadMs: number, chance: number = Math.random()): number | undefined {
  if (leftMs < leastMs) return undefined;
  return leftMs - Math.min(leadMs, leftMs / 2) * (1 - chance / 2);
}

/** Waits until a connection's credential is about to run out. */
export class Renewal implements Waiter {
  readonly #minutes: Deadlines;
  readonly #leadMs: number;
  readonly #holder: { onDue(): void };
  /** By `performance.now()`. */
  #dueAt = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param minutes those of all connections, each of `minuteMs`.
   * @param leadMs how long before its end, at most.
   * @param holder told when it is due.
   */
  constructor(minutes: Deadlines, leadMs: number, holder: { onDue(): void }) {
    this.#minutes = minutes;
    this.#leadMs = leadMs;
    this.#holder = holder;
  }

  /** Waits for this end from now on, in place of any other. */
  schedule(expiresAt: Date): void {
    const waitMs = askAfter(expiresAt.getTime() - Date.now(), this.#leadMs);
    if (waitMs === undefined) return;
    this.#dueAt = performance.now() + waitMs;
    this.stop();
    this.due();
  }

  stop(): void {
    this.#minutes.remove(this);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** A minute is over. */
  due(): void {
    const leftMs = this.#dueAt - performance.now();
    if (leftMs > minuteMs) this.#minutes.add(this);
    else this.#timer = setTimeout(() => this.#holder.onDue(), leftMs).unref();
  }
}
