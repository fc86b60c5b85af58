import { wholeNow } from './wholeNow.ts';

/** What waits for its time. */
export interface Waiter {
  /** Its time has come; it waits no longer. Must not throw. */
  due(): void;
}

/**
 * Waits the same number of milliseconds for each of many, with one timer for all: who comes first is due
 * first. A timer for each costs five times the memory.
 */
export class Deadlines<W extends Waiter = Waiter> {
  readonly #ms: number;
  /** Moments by `wholeNow()`, in order. */
  readonly #moments = new Map<W, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** It is due once, that many milliseconds from now, whatever was said of it before. */
  add(waiter: W): void {
    this.#moments.delete(waiter);
    this.#moments.set(waiter, wholeNow() + this.#ms);
    this.#timer ??= this.#wait(this.#ms);
  }

  remove(waiter: W): void {
    if (!this.#moments.delete(waiter) || this.#moments.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#takeDue(), Math.max(1, Math.ceil(ms))).unref();
  }

  #takeDue(): void {
    const now = wholeNow();
    this.#timer = undefined;
    const due: W[] = [];
    for (const [waiter, moment] of this.#moments) {
      if (moment > now) {
        this.#timer = this.#wait(moment - now);
        break;
      }
      due.push(waiter);
    }
    for (const waiter of due) {
      // Another one may have ended it meanwhile.
      if (this.#moments.delete(waiter)) waiter.due();
    }
  }
}
