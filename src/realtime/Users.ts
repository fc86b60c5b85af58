import { LRUCache } from 'lru-cache';
import { type RateLimit, TokenBucket } from './TokenBucket.ts';
import type { Limits } from './limits.ts';

/** People whose rate is remembered after they have left, so that coming back gives nobody a fresh burst. */
const remembered = 20_000;

/** What all connections of one person share. */
class User extends TokenBucket {
  connections = 0;
}

/** What all connections of one person have in common: how many they are, and how much they send. */
export class Users {
  readonly #most: number;
  readonly #limit: RateLimit;
  readonly #present = new Map<string, User>();
  readonly #gone = new LRUCache<string, User>({ max: remembered });

  constructor({ perUser, userBurst, userRate }: Pick<Limits, 'perUser' | 'userBurst' | 'userRate'>) {
    this.#most = perUser;
    this.#limit = { burst: userBurst, rate: userRate };
  }

  /** Counts a connection. @returns the bucket that it shares; undefined: there are as many as there may be. */
  enter(actorId: string): TokenBucket | undefined {
    let user = this.#present.get(actorId);
    if (!user) {
      user = this.#gone.get(actorId) ?? new User(this.#limit);
      this.#gone.delete(actorId);
      this.#present.set(actorId, user);
    }
    if (user.connections >= this.#most) return undefined;
    user.connections += 1;
    return user;
  }

  leave(actorId: string): void {
    const user = this.#present.get(actorId);
    if (!user) return;
    user.connections -= 1;
    if (user.connections > 0) return;
    this.#present.delete(actorId);
    this.#gone.set(actorId, user);
  }
}
