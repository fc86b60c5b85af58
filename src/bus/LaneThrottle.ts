import type { LaneValue } from './Bus.ts';

/** A key that was sent a moment ago. */
interface Recent {
  timer: NodeJS.Timeout;
  next: LaneValue | undefined;
}

/**
 * Lets the first value of a key through at once, then at most one per interval, always the newest; the last
 * value of a burst is never left out.
 */
export class LaneThrottle {
  readonly #intervalMs: number;
  readonly #send: (value: LaneValue) => void;
  readonly #recent = new Map<string, Recent>();

  constructor(intervalMs: number, send: (value: LaneValue) => void) {
    this.#intervalMs = intervalMs;
    this.#send = send;
  }

  publish(value: LaneValue): void {
    const id = JSON.stringify([value.stream, value.lane, value.key]);
    const recent = this.#recent.get(id);
    if (recent) {
      recent.next = value;
      return;
    }
    this.#recent.set(id, { next: undefined, timer: this.#arm(id) });
    this.#send(value);
  }

  /** Sends the values that wait, without further delay. */
  flush(): void {
    for (const { timer, next } of this.#recent.values()) {
      clearTimeout(timer);
      if (next) this.#send(next);
    }
    this.#recent.clear();
  }

  #arm(id: string): NodeJS.Timeout {
    return setTimeout(() => {
      const recent = this.#recent.get(id);
      if (!recent?.next) {
        this.#recent.delete(id);
        return;
      }
      const value = recent.next;
      this.#recent.set(id, { next: undefined, timer: this.#arm(id) });
      this.#send(value);
    }, this.#intervalMs).unref();
  }
}
