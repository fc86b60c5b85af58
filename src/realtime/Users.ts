import { LRUCache } from 'lru-cache';
import { Tally } from './Tally.ts';
import { TokenBucket } from './TokenBucket.ts';
import type { Limits } from './limits.ts';

/** People whose rate is remembered after they have left, so that coming back gives nobody a fresh burst. */
const remembered = 20_000;

/** What all connections of one person have in common: how many they are, and how much they send. */
export class Users {
  readonly #limits: Pick<Limits, 'perUser' | 'userBurst' | 'userRate'>;
  readonly #connections = new Tally();
  readonly #buckets = new LRUCache<string, TokenBucket>({ max: remembered });

  constructor(limits: Pick<Limits, 'perUser' | 'userBurst' | 'userRate'>) {
    this.#limits = limits;
  }

  /** Counts a connection. @returns the bucket that it shares; undefined: there are as many as there may be. */
  enter(actorId: string): TokenBucket | undefined {
    if (this.#connections.of(actorId) >= this.#limits.perUser) return undefined;
    this.#connections.add(actorId);
    let bucket = this.#buckets.get(actorId);
    if (!bucket) {
      bucket = new TokenBucket(this.#limits.userBurst, this.#limits.userRate);
      this.#buckets.set(actorId, bucket);
    }
    return bucket;
  }

  leave(actorId: string): void {
    this.#connections.remove(actorId);
  }
}
