/**
 * What a subscription procedure returns: a description of what to watch, which the gateway recognises and
 * serves through its hub. To callers in this process, who iterate by themselves, the same description is iterable.
 */
import type pg from 'pg';
import { tracked, type TrackedEnvelope } from '@trpc/server';
import type { LaneValue } from '../bus/Bus.ts';
import type { Stream } from './emit.ts';
import type { EventType, Payload } from './catalogue.ts';
import { Iteration } from './Iteration.ts';

/** An event as it stands in the log, moments revived. */
export interface LogEvent<T extends EventType = EventType> {
  stream: Stream;
  seq: number;
  type: T;
  subject: string;
  payload: Payload<T>;
  actorId: string | null;
  mutationId: string | null;
  createdAt: Date;
}

/** An event as subscribers see it. */
export type WireEvent<T extends EventType = EventType> = {
  [K in T]: Omit<LogEvent<K>, 'stream'>;
}[T];

/** What a subscription may receive, as decided just now. */
export interface Decided {
  can(permission: string): boolean;
  /** Whose rights these are; null: nobody is signed in. */
  caller: { id: string } | null;
  /** Where they hold; null: outside any project. */
  projectId: string | null;
  policyEpoch: number;
  accessEpoch: number;
  /** When the credential runs out, and the decision with it; null or absent: no such moment. */
  expiresAt?: Date | null;
}

/** Re-decides a subscription; throws the error that ends it. `can` also filters the stream's events. */
export interface Reauthorizer {
  decide(): Promise<Decided>;
}

/** A filtered view of one stream: a snapshot at seq N, then every event from N+1, without a hole. */
export interface LogWatchSpec<S extends object> {
  stream: Stream;
  /** Which events belong to this subscription; the hub checks the catalogue's permission besides. */
  wants: (event: LogEvent) => boolean;
  /**
   * Reads the snapshot inside the hub's REPEATABLE READ transaction, where `seq` was read too. `ownerId` is the id in the
   * stream's name: where that is all it needs, one function serves all subscriptions, of which there may be many.
   */
  snapshot: (client: pg.ClientBase, ownerId: string) => Promise<S>;
  reauthorizer: Reauthorizer;
  lastEventId?: string | undefined;
}

/** Latest values by key: job progress, presence, typing. Not in the log; the newest value replaces older ones. */
export interface LaneWatchSpec<V extends object> {
  /** Stream whose epochs and revocations govern the subscription. */
  stream: Stream;
  /** Lane of the stream, such as `jobs`. */
  lane: string;
  wants: (value: V) => boolean;
  /** The values as they stand, sent first. Absent: there are none. */
  snapshot?: (client: pg.ClientBase) => Promise<V[]>;
  reauthorizer: Reauthorizer;
  /** A value that follows from the decision made last, told before all others; undefined when it is told already. */
  decided?: () => V | undefined;
  /** Called when somebody begins to watch; the function that it returns when they end, however that comes. */
  opened?: () => () => void;
}

/** Where a hub puts what a subscriber should get. None of these may throw. */
export interface Sink {
  /** `id` is the cursor of a tracked frame, null in a lane. The same `value` object goes to every watcher. */
  next(id: string | null, value: object): void;
  /** Terminal: nothing follows. */
  error(error: unknown): void;
  /** Whether much of what was given still waits to be read. The hub then gives no more, but waits in the log. */
  isFull(): boolean;
  /** Resolves when it is no longer full, or closed. */
  drained(): Promise<void>;
  /**
   * Does what reads much for this subscriber (a snapshot or a page, and hands it over), when nothing else of that size is
   * held for the same reader, who has room for it. Absent where a reader has one subscription.
   */
  inTurn?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The hub, as the iterables below need it; `startTessera` injects it. */
export interface Feed {
  openLog<S extends object>(spec: LogWatchSpec<S>, sink: Sink): { close(): void };
  openLane<V extends object>(spec: LaneWatchSpec<V>, sink: Sink): { close(): void };
  /** Hands a latest value to the subscribers of this node alone. */
  tell(value: LaneValue): void;
}

/** A live view of a stream. */
export class LogWatch<S extends object> implements AsyncIterable<TrackedEnvelope<LogWatchValue<S>>> {
  readonly spec: LogWatchSpec<S>;
  readonly #feed: Feed;

  constructor(feed: Feed, spec: LogWatchSpec<S>) {
    this.#feed = feed;
    this.spec = spec;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<TrackedEnvelope<LogWatchValue<S>>, void, undefined> {
    return new Iteration(
      (sink) => this.#feed.openLog(this.spec, sink),
      (id, value) => tracked(id ?? '', value as LogWatchValue<S>),
    );
  }
}

/** A live view of latest values. */
export class LaneWatch<V extends object> implements AsyncIterable<V> {
  readonly spec: LaneWatchSpec<V>;
  readonly #feed: Feed;

  constructor(feed: Feed, spec: LaneWatchSpec<V>) {
    this.#feed = feed;
    this.spec = spec;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<V, void, undefined> {
    return new Iteration(
      (sink) => this.#feed.openLane(this.spec, sink),
      (_id, value) => value as V,
    );
  }
}

/** What subscribers of a stream receive: first a snapshot (or, where replay is impossible, a resync), then events. */
export type LogWatchValue<S extends object> =
  | ({ type: 'snapshot'; seq: number } & S)
  | ({ type: 'resync'; reason: 'epoch' | 'retention'; seq: number } & S)
  | { type: 'checkpoint'; seq: number }
  | WireEvent;
