import { wholeNow } from './wholeNow.ts';

/** So many at once, and so many a second in the long run. */
export interface RateLimit {
  readonly burst: number;
  readonly rate: number;
}

/** Lets `burst` through at once and `rate` per second in the long run. */
export class TokenBucket {
  readonly #limit: RateLimit;
  #tokens: number;
  #at: number;

  /** @param now whole milliseconds of a clock that does not step. */
  constructor(limit: RateLimit, now: number = wholeNow()) {
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#at = now;
  }

  /** Takes one token; returns 0, or the seconds until there will be one. */
  take(now: number = wholeNow()): number {
    const { burst, rate } = this.#limit;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * rate);
    this.#at = now;
    if (this.#tokens < 1) return (1 - this.#tokens) / rate;
    this.#tokens -= 1;
    return 0;
  }
}
