import type { Dialect } from './Dialect.ts';
import { RawWatcher } from './RawWatcher.ts';

/** Sockets opened at once: a listening socket's queue is short, and snapshots are read for each. */
const atOnce = 100;

/** Many watchers of one stream, all on one server; knows when the last one has got an event. */
export class Crowd {
  readonly #port: number;
  readonly #dialect: Dialect;
  readonly #mark: string;
  readonly #watchers: RawWatcher[] = [];
  /** Events that each watcher has got since the round began. */
  #counts: Int32Array = new Int32Array(0);
  /** Watchers that still lack the n-th event of the round. */
  #lacking: number[] = [];
  #arrivals: PromiseWithResolvers<number>[] = [];

  /** @param mark text that is in every event. */
  constructor(port: number, dialect: Dialect, mark: string) {
    this.#port = port;
    this.#dialect = dialect;
    this.#mark = mark;
  }

  get size(): number {
    return this.#watchers.length;
  }

  /** Opens watchers, or closes the last ones, until there are so many. */
  async resize(size: number): Promise<void> {
    for (const watcher of this.#watchers.splice(size)) watcher.close();
    while (this.#watchers.length < size) {
      const some: RawWatcher[] = [];
      for (let n = Math.min(atOnce, size - this.#watchers.length); n > 0; n -= 1) {
        const number = this.#watchers.length;
        const watcher = new RawWatcher(this.#port, this.#dialect, number, (text) =>
          this.#count(number, text),
        );
        this.#watchers.push(watcher);
        some.push(watcher);
      }
      await Promise.all(some.map((watcher) => watcher.ready()));
    }
  }

  /** Expects so many events from now on. @returns when the last watcher got each, by `performance.now()`. */
  expect(events: number): Promise<number>[] {
    this.#counts = new Int32Array(this.size);
    this.#lacking = Array.from({ length: events }, () => this.size);
    this.#arrivals = Array.from({ length: events }, () => Promise.withResolvers<number>());
    return this.#arrivals.map(({ promise }) => promise);
  }

  #count(number: number, text: string | undefined): void {
    const n = this.#counts[number];
    if (n === undefined) return;
    if (text !== undefined && !text.includes(this.#mark)) throw new Error(`This is no event: ${text}`);
    this.#counts[number] = n + 1;
    const lacking = (this.#lacking[n] ?? 0) - 1;
    this.#lacking[n] = lacking;
    if (lacking === 0) this.#arrivals[n]?.resolve(performance.now());
  }
}
