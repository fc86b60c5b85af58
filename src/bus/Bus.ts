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

/** Whose streams a listener wants to hear of: one, those of all projects, or those of all people. */
export type Streams = Stream | 'project:' | 'user:';

/** Which latest values a listener wants to hear; what is left out means all. */
export interface LaneInterest {
  streams?: Streams;
  lane?: string;
}

/** What a bus has carried since the start, and whether it carries now. */
export interface BusState {
  /** What it stands on → whether that is connected at present. */
  links: Readonly<Record<string, boolean>>;
  /** Messages to and from other nodes; several hints and values may travel in one. */
  sent: number;
  received: number;
  /** Messages that were none of this version, or of nobody that this software knows. */
  ignored: number;
}

/**
 * What the nodes tell each other. Everything on it is disposable: the log in PostgreSQL is the truth, a lost
 * hint shows as a gap in seq, and a sweep finds what no hint announced. Listeners must not throw.
 *
 * A listener says whose news it wants, for a bus that can send a node nothing else (NATS). What is said on
 * another node in the instant in which a listener is added may be missed.
 */
export interface Bus {
  /**
   * Says that the stream now reaches to `seq`; called right after the commit. Listeners of this process hear
   * it at once, other nodes about a millisecond later, many hints in one message.
   */
  publishHint(stream: Stream, seq: number): void;
  /**
   * Told of the hints of all nodes, one's own included; of all streams where `streams` is left out.
   * Returns the function that ends it.
   */
  onHint(listener: (stream: Stream, seq: number) => void, streams?: Streams): () => void;
  /**
   * Sends a latest value to all nodes, at most ten times a second per key; values in between are left out,
   * the last one never is. A value larger than a message (7 kB of JSON) stays in this process.
   */
  publishLane(stream: Stream, lane: string, key: string, value: object): void;
  /**
   * Told of the latest values of all nodes, one's own included; of all of them where `of` is left out.
   * Returns the function that ends it.
   */
  onLane(listener: (value: LaneValue) => void, of?: LaneInterest): () => void;
  /**
   * Told when an epoch of the database has moved, right after the commit that moved it. PostgreSQL says so
   * itself (see PgListener), so this is heard by whatever door the change came, a statement of an operator's
   * included, and over whichever bus the nodes speak. The number is a hint like any other: what it means is
   * to be read. Returns the function that ends it.
   */
  onEpoch(listener: (name: EpochName, epoch: number) => void): () => void;
  /** Whether other nodes are heard at present. */
  readonly isConnected: boolean;
  state(): BusState;
  /** Told when the connection is back: anything may have been missed. Returns the function that ends it. */
  onReconnect(listener: () => void): () => void;
  /** Sends what waits and disconnects. */
  close(): Promise<void>;
}
