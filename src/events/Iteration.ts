import type { Sink } from './watch.ts';

/** Values that a reader may leave unread before the source is asked to hold the rest back. */
const mostWaiting = 500;

/**
 * Turns pushes into an async iteration, for callers in this process and other adapters of tRPC. It opens when it
 * is first read; leaving the loop closes it at once. (A generator would, when it is left, first wait for
 * one more value, and so keep the subscription of everyone who goes away from a quiet stream.)
 */
export class Iteration<T> implements AsyncIterableIterator<T, void, undefined>, AsyncDisposable {
  readonly #open: (sink: Sink) => { close(): void };
  readonly #sink: Sink;
  readonly #waiting: T[] = [];
  #subscription: { close(): void } | undefined;
  #ended: { error?: unknown } | undefined;
  #sleepers: (() => void)[] = [];

  /**
   * @param open starts the subscription that pushes into the sink.
   * @param wrap makes what the loop sees of a cursor and a value.
   */
  constructor(open: (sink: Sink) => { close(): void }, wrap: (id: string | null, value: object) => T) {
    this.#open = open;
    this.#sink = {
      next: (id, value) => {
        if (this.#ended) return;
        this.#waiting.push(wrap(id, value));
        this.#wake();
      },
      error: (error) => this.#end({ error }),
      isFull: () => this.#waiting.length >= mostWaiting && !this.#ended,
      drained: () => this.#sleepWhile(() => this.#sink.isFull()),
    };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T, void>> {
    if (!this.#ended) this.#subscription ??= this.#open(this.#sink);
    await this.#sleepWhile(() => this.#waiting.length === 0 && !this.#ended);
    if (this.#waiting.length > 0) {
      const value = this.#waiting.shift() as T;
      if (this.#waiting.length === mostWaiting - 1) this.#wake();
      return { done: false, value };
    }
    const ended = this.#ended;
    this.#ended = {};
    if (ended && 'error' in ended) throw ended.error;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<T, void>> {
    this.#waiting.length = 0;
    this.#end({});
    return { done: true, value: undefined };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #end(how: { error?: unknown }): void {
    if (this.#ended) return;
    this.#ended = how;
    this.#subscription?.close();
    this.#wake();
  }

  async #sleepWhile(condition: () => boolean): Promise<void> {
    while (condition()) await new Promise<void>((resolve) => this.#sleepers.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#sleepers.splice(0)) wake();
  }
}
