import type { Stream } from '../events/emit.ts';

/** A latest value: the newest one under a key replaces the older ones. */
export interface LaneValue {
  stream: Stream;
  /** Kind of value, such as `jobs`. */
  lane: string;
  /** What the value is about, such as a job's id. */
  key: string;
  /** Plain data; keys that end in `At` hold Dates. */
  value: object;
}

/** What an epoch counts: changes of what roles may do, or of who has which and who may act at all. */
export type EpochName = 'policy' | 'access';

/**
 * What the nodes tell each other. Everything on it is disposable: the log in PostgreSQL is the truth, a lost
 * hint shows as a gap in seq, and a sweep finds what no hint announced. Listeners must not throw.
 */
export interface Bus {
  /**
   * Says that the stream now reaches to `seq`; called right after the commit. Listeners of this process hear
   * it at once, other nodes about a millisecond later, many hints in one message.
   */
  publishHint(stream: Stream, seq: number): void;
  /** Told of the hints of all nodes, one's own included. Returns the function that ends it. */
  onHint(listener: (stream: Stream, seq: number) => void): () => void;
  /**
   * Sends a latest value to all nodes, at most ten times a second per key; values in between are left out,
   * the last one never is. A value larger than a message (7 kB of JSON) stays in this process.
   */
  publishLane(stream: Stream, lane: string, key: string, value: object): void;
  /** Told of the latest values of all nodes, one's own included. Returns the function that ends it. */
  onLane(listener: (value: LaneValue) => void): () => void;
  /**
   * Told when an epoch of the database has moved, right after the commit that moved it. PostgreSQL says so
   * itself (see PgListener), so this is heard by whatever door the change came, a statement of an operator's
   * included, and over whichever bus the nodes speak. The number is a hint like any other: what it means is
   * to be read. Returns the function that ends it.
   */
  onEpoch(listener: (name: EpochName, epoch: number) => void): () => void;
  /** Whether other nodes are heard at present. */
  readonly isConnected: boolean;
  /** Told when the connection is back: anything may have been missed. Returns the function that ends it. */
  onReconnect(listener: () => void): () => void;
  /** Sends what waits and disconnects. */
  close(): Promise<void>;
}
