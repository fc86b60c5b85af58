/** What is known of the way of an event to those who watch; see realtime.trace. */
import type { Stream } from './emit.ts';

/** Milliseconds from an event's commit, by the database's clock, to its being written to a watcher's socket, by the node's. */
export interface Lag {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** One event, as one node knows it. */
export interface NodeTrace {
  /** Host and process. */
  node: string;
  /** Subscriptions of the event's stream that are open there now. */
  subscriptions: number;
  /** Seq up to which the node has read the stream; null where nobody watches it. */
  readTo: number | null;
  /** When the node first heard that there is such an event; null when its sweep found it, or nobody watched. */
  hintedAt: Date | null;
  /** When it was read from the log for those who keep up; null when it was not, or too long ago to be remembered. */
  readAt: Date | null;
  /** Watchers that it was given to, who came back later and caught up from memory included. */
  sent: number;
  firstSentAt: Date | null;
  lastSentAt: Date | null;
  lagMs: Lag | null;
}

/** Asks the nodes what they know of an event. */
export interface Traces {
  /** This node's answer first, then those of all other nodes that answer within half a second. */
  ask(stream: Stream, seq: number): Promise<NodeTrace[]>;
}
