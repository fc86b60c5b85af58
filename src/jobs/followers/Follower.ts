import type { EntityManager } from '@mikro-orm/postgresql';
import type { Authorizer } from '../../authz/Authorizer.ts';
import type { EventType } from '../../events/catalogue.ts';
import type { Stream } from '../../events/emit.ts';
import type { LogEvent } from '../../events/watch.ts';

/** What a follower works with besides the transaction. */
export interface FollowerTools {
  authorizer: Authorizer;
  /** Says, once the transaction has committed, that a stream which the follower wrote to reaches to `seq`. */
  announce: (em: EntityManager, stream: Stream, seq: number) => void;
}

/**
 * What follows from events, done once for each by whichever worker comes first. It may be done again after a
 * crash, so what it writes has a unique key.
 */
export interface Follower {
  /** Names its cursors; never changed. */
  name: string;
  /** Whose streams it follows. */
  streams: 'project:' | 'user:';
  /** Events of other types are passed over. */
  types: readonly EventType[];
  /**
   * Acts on some events of one stream, in order, in the transaction that moves the cursor past them.
   * @returns how many of them are done with, at least one: the others are given again in the next transaction.
   */
  act(em: EntityManager, events: readonly LogEvent[], tools: FollowerTools): Promise<number>;
}
