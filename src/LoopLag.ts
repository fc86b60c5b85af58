/** Milliseconds between two looks, and how much of the new one counts: a pause of a moment is no overload. */
const tickMs = 100;
const weight = 0.3;

/**
 * How late the event loop comes to its timers, smoothed over about a third of a second, and whether that is
 * too much. A timer of ten looks a second costs less than a histogram, and tells as much.
 */
export class LoopLag {
  readonly #limitMs: number;
  #ms = 0;
  #isHigh = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param limitMs above this it is high, and stays so until it has fallen to half of it. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** The lag as smoothed, in milliseconds. */
  get ms(): number {
    return this.#ms;
  }

  get isHigh(): boolean {
    return this.#isHigh;
  }

  /** Whether it is so high that even calls of those who are here should come later. */
  get isExtreme(): boolean {
    return this.#ms > 4 * this.#limitMs;
  }

  /** Takes note of one lag, in milliseconds. */
  observe(lagMs: number): void {
    this.#ms += weight * (lagMs - this.#ms);
    if (this.#ms > this.#limitMs) this.#isHigh = true;
    else if (this.#ms < this.#limitMs / 2) this.#isHigh = false;
  }

  /** Looks from now on, until stopped. */
  start(): void {
    let due = performance.now() + tickMs;
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.observe(Math.max(0, now - due));
      due = now + tickMs;
    }, tickMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
