import type { Feed, Reauthorizer, Sink } from '../../events/watch.ts';
import { type PlaceKey, keyText } from './Place.ts';

interface Guard {
  credential: string;
  timer: NodeJS.Timeout | undefined;
  close(): void;
}

/**
 * Watches over the right of people to be where they said they are without a subscription that would end with it:
 * each is a subscription of the hub to nothing, so it is decided anew whenever any other is.
 */
export class Guards {
  readonly #feed: Feed;
  readonly #onLost: (key: PlaceKey) => void;
  readonly #guards = new Map<string, Guard>();

  /** @param onLost told when somebody may be there no longer. */
  constructor(feed: Feed, onLost: (key: PlaceKey) => void) {
    this.#feed = feed;
    this.#onLost = onLost;
  }

  /** Watches over a place until `end`, or for so many milliseconds; asked again, for so many from then on. */
  keep(
    key: PlaceKey,
    { credential, reauthorizer }: { credential: string; reauthorizer: Reauthorizer },
    milliseconds: number | undefined,
  ): void {
    const id = keyText(key);
    const known = this.#guards.get(id);
    if (known?.credential === credential && (known.timer === undefined) === (milliseconds === undefined)) {
      known.timer?.refresh();
      return;
    }
    this.end(key);
    const sink: Sink = {
      next: () => {},
      error: () => {
        this.end(key);
        this.#onLost(key);
      },
      isFull: () => false,
      drained: () => Promise.resolve(),
    };
    const stream = `project:${key.projectId}` as const;
    const guard: Guard = {
      credential,
      timer: milliseconds === undefined ? undefined : setTimeout(() => this.end(key), milliseconds).unref(),
      close: () => {},
    };
    this.#guards.set(id, guard);
    const watch = this.#feed.openLane({ stream, lane: 'none', wants: () => false, reauthorizer }, sink);
    guard.close = () => watch.close();
  }

  end(key: PlaceKey): void {
    const id = keyText(key);
    const guard = this.#guards.get(id);
    if (!guard) return;
    this.#guards.delete(id);
    clearTimeout(guard.timer);
    guard.close();
  }

  stop(): void {
    for (const guard of this.#guards.values()) {
      clearTimeout(guard.timer);
      guard.close();
    }
    this.#guards.clear();
  }
}
