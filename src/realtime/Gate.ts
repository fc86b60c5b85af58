/**
 * Lets so many pieces of work run at once, the others in the order in which they came. It keeps the hub's
 * reads (ten thousand decisions after a change of policy) from taking every connection from the calls.
 */
export class Gate {
  readonly #width: number;
  #running = 0;
  readonly #waiting = new Set<() => void>();

  constructor(width: number) {
    this.#width = width;
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#running === 0;
  }

  /** How many stand in line. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Does the work when its turn has come.
   * @param signal leaves the line; work that has begun goes on. @throws its reason.
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#running < this.#width) this.#running += 1;
    else await this.#standInLine(signal);
    try {
      return await work();
    } finally {
      // The place goes to the next in line without becoming free in between.
      const [next] = this.#waiting;
      if (next) next();
      else this.#running -= 1;
    }
  }

  #standInLine(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        this.#waiting.delete(enter);
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.delete(enter);
        reject(signal?.reason);
      };
      signal?.throwIfAborted();
      this.#waiting.add(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }
}
