/**
 * What a subscription procedure returns: a description of what to watch, which the gateway recognises and
 * serves through its hub. Over SSE, where tRPC iterates by itself, the same description is iterable.
 */
import type pg from 'pg';
import { tracked, type TrackedEnvelope } from '@trpc/server';
import type { Stream } from './emit.ts';
import type { EventType, Payload } from './catalogue.ts';

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

/** Re-decides a subscription; throws the error that ends it. `can` also filters the stream's events. */
export type Reauthorize = () => Promise<{ can(permission: string): boolean; policyEpoch: number; accessEpoch: number }>;

/** A filtered view of one stream: a snapshot at seq N, then every event from N+1, without a hole. */
export interface LogWatchSpec<S extends object> {
  stream: Stream;
  /** Which events belong to this subscription; the hub checks the catalogue's permission besides. */
  wants: (event: LogEvent) => boolean;
  /** Reads the snapshot inside the hub's REPEATABLE READ transaction, where `seq` was read too. */
  snapshot: (client: pg.ClientBase) => Promise<S>;
  reauthorize: Reauthorize;
  lastEventId?: string | undefined;
}

/** Latest values by key: job progress, presence, typing. Not in the log; the newest value replaces older ones. */
export interface LaneWatchSpec<V extends object> {
  /** Stream whose epochs and revocations govern the subscription. */
  stream: Stream;
  /** Lane of the stream, such as `jobs`. */
  lane: string;
  wants: (value: V) => boolean;
  /** The values as they stand, sent first. */
  snapshot: (client: pg.ClientBase) => Promise<V[]>;
  reauthorize: Reauthorize;
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
}

/** The hub, as the iterables below need it; `main` injects it. */
export interface Feed {
  openLog<S extends object>(spec: LogWatchSpec<S>, sink: Sink): { close(): void };
  openLane<V extends object>(spec: LaneWatchSpec<V>, sink: Sink): { close(): void };
}

/** Values that an iterating (SSE) subscriber may leave unread before the hub holds the rest back. */
const mostWaiting = 500;

/** Turns pushes into an async iteration that opens when it is first read; leaving the loop closes it. */
class Iteration<T> implements AsyncIterableIterator<T, void, undefined>, Sink {
  readonly #open: (sink: Sink) => { close(): void };
  readonly #wrap: (id: string | null, value: object) => T;
  readonly #waiting: T[] = [];
  #subscription: { close(): void } | undefined;
  #ended: { error?: unknown } | undefined;
  #reader: (() => void) | undefined;
  #drained: (() => void)[] = [];

  constructor(open: (sink: Sink) => { close(): void }, wrap: (id: string | null, value: object) => T) {
    this.#open = open;
    this.#wrap = wrap;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T, void>> {
    if (!this.#ended) this.#subscription ??= this.#open(this);
    while (this.#waiting.length === 0 && !this.#ended) await new Promise<void>((resolve) => (this.#reader = resolve));
    if (this.#waiting.length > 0) {
      const value = this.#waiting.shift() as T;
      if (!this.isFull()) this.#release();
      return { done: false, value };
    }
    const ended = this.#ended;
    this.#ended = {};
    if (ended && 'error' in ended) throw ended.error;
    return { done: true, value: undefined };
  }

  /** Not left to a generator: there it would wait for the next value before anything is closed. */
  async return(): Promise<IteratorResult<T, void>> {
    this.#end({});
    this.#waiting.length = 0;
    return { done: true, value: undefined };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  push(id: string | null, value: object): void {
    if (this.#ended) return;
    this.#waiting.push(this.#wrap(id, value));
    this.#reader?.();
  }

  error(error: unknown): void {
    this.#end({ error });
  }

  isFull(): boolean {
    return this.#waiting.length >= mostWaiting && !this.#ended;
  }

  async drained(): Promise<void> {
    if (this.isFull()) await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #end(how: { error?: unknown }): void {
    if (this.#ended) return;
    this.#ended = how;
    this.#subscription?.close();
    this.#reader?.();
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}

/** A live view of a stream. */
export class LogWatch<S extends object> implements AsyncIterable<TrackedEnvelope<LogWatchValue<S>>> {
  readonly spec: LogWatchSpec<S>;
  readonly #feed: Feed;

  constructor(feed: Feed, spec: LogWatchSpec<S>) {
    this.#feed = feed;
    this.spec = spec;
  }

  [Symbol.asyncIterator](): AsyncGenerator<TrackedEnvelope<LogWatchValue<S>>, void, undefined> {
    return iterate(
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

  [Symbol.asyncIterator](): AsyncGenerator<V, void, undefined> {
    return iterate(
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
