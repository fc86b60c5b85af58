import type { SegmentRecord } from '../domain/jobs/sql/recordSegments.ts';

/** Milliseconds after which it is written down that somebody is at a segment, unless it is done before. */
const beginningMs = 250;
/** Segments that may be done and not yet written down. */
const mostUnwritten = 64;

/**
 * Writes down what becomes of segments: at once what has ended, and what ends while one transaction is under way
 * with the next one, so that many short segments do not wait for one commit each.
 */
export class SegmentLedger {
  readonly #write: (records: SegmentRecord[]) => Promise<void>;
  #waiting = new Map<number, SegmentRecord>();
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: { error: unknown } | undefined;

  /** @param write throws when nothing more may be written. */
  constructor(write: (records: SegmentRecord[]) => Promise<void>) {
    this.#write = write;
  }

  /** Somebody is at it. */
  begin(record: SegmentRecord): void {
    this.#waiting.set(record.index, record);
    this.#timer ??= setTimeout(() => this.#flush(), beginningMs);
  }

  /** It has ended. Waits only when much is unwritten. @throws what writing threw. */
  async end(record: SegmentRecord): Promise<void> {
    this.#waiting.set(record.index, record);
    this.#flush();
    if (this.#waiting.size >= mostUnwritten) await this.#writing;
    if (this.#failure) throw this.#failure.error;
  }

  /** Waits until everything is written down. @throws what writing threw. */
  async close(): Promise<void> {
    this.#flush();
    await this.#writing;
    clearTimeout(this.#timer);
    if (this.#failure) throw this.#failure.error;
  }

  #flush(): void {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.size > 0 && !this.#failure) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      const records = [...this.#waiting.values()];
      this.#waiting = new Map();
      try {
        await this.#write(records);
      } catch (error) {
        this.#failure = { error };
      }
    }
  }
}
