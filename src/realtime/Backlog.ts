/** What one reader may have waiting when all together have too much; less would not fill a TCP window. */
const leastBytes = 65_536;
const reliefMs = 1_000;
/** Of those who are behind, one in so many is cut off at a time. */
const reliefShare = 50;

/** What happens to readers, told as it happens. */
export interface BacklogEvents {
  /** One was cut off. */
  onCut: () => void;
  /** Something waits because one has no room. */
  onWait: () => void;
}

/** One reader's queue. */
export interface Queue {
  /** Cuts the reader off. */
  cutOff(): void;
}

/**
 * What waits for slow readers, all together. Within the limit each may have its own fill. Beyond it each may
 * have only little, and while that lasts those who have been behind longest are cut off, a few a second, so
 * that they do not all come back at once. They lose nothing: their cursors are good.
 */
export class Backlog {
  readonly #limit: number;
  readonly #most: number;
  readonly #events: BacklogEvents;
  /** Who is behind, and by how many bytes; who has been so longest comes first. */
  readonly #behind = new Map<Queue, number>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Bytes that may wait for one reader now. */
  allowance: number;

  /**
   * @param limit bytes of all readers together.
   * @param most bytes of one reader.
   */
  constructor(limit: number, most: number, events: BacklogEvents) {
    this.#limit = limit;
    this.#most = most;
    this.#events = events;
    this.allowance = most;
  }

  /** Bytes that wait for those who are behind. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Readers who are behind. */
  get readers(): number {
    return this.#behind.size;
  }

  noteWait(): void {
    this.#events.onWait();
  }

  /** So many bytes wait for this reader; 0: the reader keeps up. */
  weigh(queue: Queue, bytes: number): void {
    const before = this.#behind.get(queue) ?? 0;
    if (bytes === before) return;
    this.#bytes += bytes - before;
    if (bytes === 0) this.#behind.delete(queue);
    else this.#behind.set(queue, bytes);
    const isHeavy = this.#bytes > this.#limit;
    this.allowance = isHeavy ? Math.min(leastBytes, this.#most) : this.#most;
    if (isHeavy) this.#timer ??= setInterval(() => this.#relieve(), reliefMs).unref();
    else if (this.#timer) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #relieve(): void {
    const some = [...this.#behind.keys()].slice(0, Math.ceil(this.#behind.size / reliefShare));
    for (const queue of some) {
      this.#events.onCut();
      queue.cutOff();
    }
  }
}
