/** Node's timers hold no more than 24 days; a look a day is cheap. */
const longestMs = 86_400_000;
/** Long waits are whole minutes first: Node keeps a list for each duration, and thousands wait here. */
const minuteMs = 60_000;
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
export class Renewal {
  readonly #leadMs: number;
  readonly #onDue: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param leadMs how long before its end, at most. */
  constructor(leadMs: number, onDue: () => void) {
    this.#leadMs = leadMs;
    this.#onDue = onDue;
  }

  /** Waits for this end from now on, in place of any other. */
  schedule(expiresAt: Date): void {
    const waitMs = askAfter(expiresAt.getTime() - Date.now(), this.#leadMs);
    if (waitMs !== undefined) this.#wait(waitMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    const part = ms > minuteMs ? Math.min(ms - (ms % minuteMs), longestMs) : ms;
    this.#timer = setTimeout(() => (part < ms ? this.#wait(ms - part) : this.#onDue()), part).unref();
  }
}
