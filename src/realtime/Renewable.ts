import { wholeNow } from './wholeNow.ts';
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

/** What all who wait have in common. */
export interface RenewalClock {
  /** Those of all connections, each of `minuteMs`. */
  readonly minutes: Deadlines;
  /** How many milliseconds before its end a credential is to be renewed, at most. */
  readonly limits: { readonly renewMs: number };
}

/** Somebody whose credential runs out, who is told in time. */
export abstract class Renewable implements Waiter {
  readonly #clock: RenewalClock;
  /** By `wholeNow()`. */
  #dueAt = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param clock one for all. */
  constructor(clock: RenewalClock) {
    this.#clock = clock;
  }

  /** It is about to run out. */
  protected abstract onDue(): void;

  /** Waits for this end from now on, in place of any other. */
  protected awaitEnd(expiresAt: Date): void {
    const waitMs = askAfter(expiresAt.getTime() - Date.now(), this.#clock.limits.renewMs);
    if (waitMs === undefined) return;
    this.#dueAt = wholeNow() + Math.round(waitMs);
    this.awaitNothing();
    this.due();
  }

  protected awaitNothing(): void {
    this.#clock.minutes.remove(this);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** A minute is over. */
  due(): void {
    const leftMs = this.#dueAt - wholeNow();
    if (leftMs > minuteMs) this.#clock.minutes.add(this);
    else this.#timer = setTimeout(() => this.onDue(), leftMs).unref();
  }
}
