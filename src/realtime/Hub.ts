import type pg from 'pg';
import type { Logger } from 'pino';
import type { Bus, EpochName, LaneValue } from '../bus/Bus.ts';
import type { Stream } from '../events/emit.ts';
import type { Lag, NodeTrace } from '../events/trace.ts';
import type { Feed, LaneWatchSpec, LogWatchSpec, Sink } from '../events/watch.ts';
import { AccessChanges } from './AccessChanges.ts';
import { Epochs, type SeenEpochs } from './Epochs.ts';
import { Gate } from './Gate.ts';
import { LaneSubscription } from './LaneSubscription.ts';
import { LogSubscription } from './LogSubscription.ts';
import type { HubParts, Subscription } from './Subscription.ts';
import { Tail } from './Tail.ts';
import { Tracer } from './Tracer.ts';
import { readHeads } from './sql/readHeads.ts';

/** Snapshots and replays that read the database at once; decisions have a queue of their own. */
const readsAtOnce = 4;

export interface HubOptions {
  /** A pool on the primary: a replica may not have seen a revocation yet. */
  reads: pg.Pool;
  bus: Bus;
  log: Logger;
  /** Milliseconds between two sweeps, which find what no hint announced; so long may a lost hint delay an event. */
  sweepMs?: number;
  /** Remembers the way of events through this node. */
  tracer?: Tracer;
}

export interface HubStats {
  /** Streams with at least one subscriber of their log. */
  streams: number;
  logs: number;
  lanes: number;
  /** Pages read from the log since the start, for all subscribers together. */
  reads: number;
  /** Values handed to subscribers since the start. */
  delivered: number;
  /** Subscriptions that had to be told to start anew since the start. */
  resyncs: number;
}

/**
 * All live subscriptions of this node. Each stream is read once however many watch it; nobody gets an event
 * by a decision that is older than what was read together with the event.
 */
export class Hub implements Feed {
  readonly #parts: HubParts;
  readonly #tails = new Map<Stream, Tail>();
  readonly #lanes = new Map<Stream, Set<LaneSubscription>>();
  readonly #log: Logger;
  readonly #sweepMs: number;
  readonly #bus: Bus;
  /** Ends to hear of a stream: this node hears only of those that are watched here. */
  readonly #deafen = new Map<object, () => void>();
  readonly #unlisten: (() => void)[];
  #sweeping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isFailing = false;
  #isStopped = false;

  constructor({ reads, bus, log, sweepMs = 1000, tracer = new Tracer() }: HubOptions) {
    this.#log = log;
    this.#bus = bus;
    this.#sweepMs = sweepMs;
    const epochs = new Epochs();
    const observe = (seen: SeenEpochs) => this.#observe(seen);
    this.#parts = {
      reads,
      log,
      epochs,
      changes: new AccessChanges(reads, epochs, observe),
      observe,
      gate: new Gate(readsAtOnce),
      counts: { reads: 0, delivered: 0, resyncs: 0 },
      tracer,
    };
    this.#unlisten = [
      bus.onEpoch((name, epoch) => this.#hear(name, epoch)),
      bus.onReconnect(() => void this.#sweep()),
    ];
    this.#arm();
  }

  openLog<S extends object>(spec: LogWatchSpec<S>, sink: Sink): { close(): void } {
    const tail = this.#tails.get(spec.stream) ?? new Tail(spec.stream, this.#parts);
    let subscription: LogSubscription;
    try {
      subscription = new LogSubscription(this.#parts, tail, spec, sink, this.#leaveLog);
    } catch (error) {
      sink.error(error);
      return { close: () => {} };
    }
    this.#tails.set(spec.stream, tail);
    this.#hearOf(tail, () => this.#bus.onHint((_stream, seq) => this.#hint(tail, seq), tail.stream));
    return this.#start(subscription, tail.subscriptions);
  }

  /** One function for all of them. */
  readonly #leaveLog = (subscription: LogSubscription): void => {
    const { tail } = subscription;
    tail.subscriptions.delete(subscription);
    if (tail.subscriptions.size > 0) return;
    this.#tails.delete(tail.stream);
    this.#ignore(tail);
    this.#parts.tracer.forget(tail.stream);
  };

  openLane<V extends object>(spec: LaneWatchSpec<V>, sink: Sink): { close(): void } {
    const subscribers = this.#lanes.get(spec.stream) ?? new Set();
    this.#lanes.set(spec.stream, subscribers);
    this.#hearOf(subscribers, () => this.#bus.onLane((value) => this.tell(value), { streams: spec.stream }));
    const closed = spec.opened?.();
    const subscription = new LaneSubscription(
      this.#parts,
      spec as unknown as LaneWatchSpec<object>,
      sink,
      () => {
        subscribers.delete(subscription);
        closed?.();
        if (subscribers.size > 0) return;
        this.#lanes.delete(spec.stream);
        this.#ignore(subscribers);
      },
    );
    return this.#start(subscription, subscribers);
  }

  tell(value: LaneValue): void {
    for (const subscription of this.#lanes.get(value.stream) ?? []) {
      if (subscription.spec.lane === value.lane) subscription.receive(value);
    }
  }

  stats(): HubStats {
    let logs = 0;
    let lanes = 0;
    for (const { subscriptions } of this.#tails.values()) logs += subscriptions.size;
    for (const subscribers of this.#lanes.values()) lanes += subscribers.size;
    return { streams: this.#tails.size, logs, lanes, ...this.#parts.counts };
  }

  /** Ends all subscriptions without a word, and waits for the sweep under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    for (const unlisten of this.#unlisten) unlisten();
    for (const subscription of this.#all()) subscription.close();
    await this.#sweeping;
  }

  /** What became of an event of this stream here, as far as that is remembered. */
  recollect(stream: Stream, seq: number): Omit<NodeTrace, 'node'> {
    const tail = this.#tails.get(stream);
    return {
      subscriptions: tail?.subscriptions.size ?? 0,
      readTo: tail?.position?.seq ?? null,
      ...this.#parts.tracer.tell(stream, seq),
    };
  }

  /** How long events took lately, from their commit to the first of their readers here. */
  recentLag(): Lag | null {
    return this.#parts.tracer.recentLag();
  }

  #hint(tail: Tail, seq: number): void {
    this.#parts.tracer.hinted(tail.stream, seq);
    tail.hint(seq);
  }

  #hearOf(served: object, listen: () => () => void): void {
    if (!this.#deafen.has(served)) this.#deafen.set(served, listen());
  }

  #ignore(served: object): void {
    this.#deafen.get(served)?.();
    this.#deafen.delete(served);
  }

  #start<T extends Subscription>(subscription: T, subscribers: Set<T | Subscription>): { close(): void } {
    subscribers.add(subscription);
    if (this.#isStopped) subscription.close();
    else subscription.wake();
    return subscription;
  }

  /** An epoch has moved, as somebody says. */
  #hear(name: EpochName, epoch: number): void {
    const { epochs, changes } = this.#parts;
    const isIdle = this.#tails.size === 0 && this.#lanes.size === 0;
    if (!isIdle && epoch > epochs[name]) this.#try(() => changes.refresh());
  }

  /** Takes note of epochs that a read brought: all decide anew under a new policy, else only whom it concerns. */
  #observe(seen: SeenEpochs): void {
    const { epochs, changes } = this.#parts;
    const news = epochs.observe(seen);
    if (news.policy) this.#wakeAll();
    if (news.access && !changes.isCurrent) this.#try(() => changes.catchUp());
  }

  /** Does it now; the next sweep does what fails. */
  #try(work: () => Promise<void>): void {
    work().catch((error: unknown) =>
      this.#log.debug({ err: error }, 'changes of access cannot be read; subscriptions wait'),
    );
  }

  #all(): Subscription[] {
    const all: Subscription[] = [];
    for (const { subscriptions } of this.#tails.values()) all.push(...subscriptions);
    for (const subscribers of this.#lanes.values()) all.push(...subscribers);
    return all;
  }

  #wakeAll(): void {
    for (const subscription of this.#all()) subscription.wake();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#sweep(), this.#sweepMs).unref();
  }

  /** Looks at once for what was missed: streams that moved, epochs, decisions that have grown old. */
  #sweep(): Promise<void> {
    this.#sweeping ??= this.#sweepOnce().finally(() => {
      this.#sweeping = undefined;
      this.#arm();
    });
    return this.#sweeping;
  }

  async #sweepOnce(): Promise<void> {
    if (this.#tails.size === 0 && this.#lanes.size === 0) return;
    const known = [...this.#tails.values()].flatMap(({ stream, position }) =>
      position ? [{ stream, ...position }] : [],
    );
    try {
      const heads = await readHeads(this.#parts.reads, known);
      this.#observe(heads);
      await this.#parts.changes.catchUp();
      for (const { stream, epoch, seq } of heads.moved) this.#tails.get(stream)?.meet(epoch, seq);
      if (this.#isFailing) this.#log.info('the event log can be read again');
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing)
        this.#log.warn({ err: error }, 'the event log cannot be read; subscriptions wait');
      this.#isFailing = true;
      return;
    }
    this.#wakeAll();
  }
}
