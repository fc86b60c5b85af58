/** Lets `burst` through at once and `rate` per second in the long run. */
export class TokenBucket {
  readonly #burst: number;
  readonly #rate: number;
  #tokens: number;
  #at: number;

  /** @param now milliseconds of a clock that does not step. */
  constructor(burst: number, rate: number, now: number = performance.now()) {
    this.#burst = burst;
    this.#rate = rate;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Takes one token; returns 0, or the seconds until there will be one. */
  take(now: number = performance.now()): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#rate);
    this.#at = now;
    if (this.#tokens < 1) return (1 - this.#tokens) / this.#rate;
    this.#tokens -= 1;
    return 0;
  }
}
