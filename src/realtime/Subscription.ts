import { TRPCError } from '@trpc/server';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Reauthorizer, Sink } from '../events/watch.ts';
import { Decision, type DecisionParts } from './Decision.ts';
import type { Gate } from './Gate.ts';
import type { Tracer } from './Tracer.ts';
import { isOutage } from '../database/isOutage.ts';

/** What every subscription of a hub works with. */
export interface HubParts extends DecisionParts {
  reads: pg.Pool;
  gate: Gate;
  log: Logger;
  counts: { reads: number; delivered: number; resyncs: number };
  tracer: Tracer;
}

/** Errors of tRPC that speak of the server, not of the caller's rights. */
const ownFailures = new Set<TRPCError['code']>([
  'INTERNAL_SERVER_ERROR',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
  'BAD_GATEWAY',
  'GATEWAY_TIMEOUT',
]);

/** A decision that could not be made: the subscription waits, and the next sweep tries again. */
class Undecided extends Error {}

/**
 * One subscriber. `wake` brings it up to date: at once where nothing has to be read, else in the background,
 * one run at a time. Whatever fails for want of the database is tried again at the next sweep, and nothing
 * is delivered meanwhile.
 */
export abstract class Subscription {
  protected readonly parts: HubParts;
  protected readonly sink: Sink;
  readonly #decision: Decision;
  /** Whether it is being brought up to date, and something may have changed since that began. */
  #run: 'idle' | 'running' | 'woken' = 'idle';
  #isClosed = false;

  constructor(parts: HubParts, sink: Sink, reauthorizer: Reauthorizer) {
    this.parts = parts;
    this.sink = sink;
    this.#decision = new Decision(parts, reauthorizer, this);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Something may have changed: events, values, rights, or that the reader has read. */
  wake(): void {
    if (this.#isClosed) return;
    if (this.#run !== 'idle') {
      this.#run = 'woken';
      return;
    }
    try {
      if (this.isReady() && this.advanceNow()) return;
    } catch (error) {
      this.#fail(error);
      return;
    }
    void this.#catchUp();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#decision.end();
    this.leave();
  }

  /** Ends it with an error, after which nothing follows. */
  end(error: unknown): void {
    if (this.#isClosed) return;
    this.close();
    this.sink.error(error);
  }

  /** Called once, when it has closed. */
  protected abstract leave(): void;

  /** Does what can be done without waiting; false when more is left. Called only while the decision stands. */
  protected abstract advanceNow(): boolean;

  /** Does one step that has to wait; called until `advanceNow` is done. */
  protected abstract advance(): Promise<void>;

  protected can(permission: string | null): boolean {
    return this.#decision.can(permission);
  }

  /** Whether something may be delivered now: the decision stands, and the reader keeps up. */
  protected isReady(): boolean {
    return this.#decision.stands() && !this.sink.isFull();
  }

  /** Waits until something may be delivered, deciding anew as often as the right to it may have changed. */
  protected async becomeReady(): Promise<void> {
    while (!this.#isClosed && !this.isReady()) {
      if (this.sink.isFull()) await this.sink.drained();
      else await this.#decide();
    }
  }

  async #decide(): Promise<void> {
    try {
      await this.#decision.renew();
    } catch (error) {
      const isRefusal = error instanceof TRPCError && !ownFailures.has(error.code);
      throw isRefusal ? error : new Undecided('A subscription could not be decided.', { cause: error });
    }
  }

  async #catchUp(): Promise<void> {
    try {
      do {
        this.#run = 'running';
        await this.becomeReady();
        while (!this.#isClosed && !this.advanceNow()) {
          await this.advance();
          await this.becomeReady();
        }
      } while (this.#isWoken() && !this.#isClosed);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#run = 'idle';
    }
  }

  #isWoken(): boolean {
    return this.#run === 'woken';
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    if (error instanceof Undecided || isOutage(error)) {
      this.parts.log.debug({ err: error }, 'a subscription waits for the database');
      return;
    }
    if (!(error instanceof TRPCError)) this.parts.log.error({ err: error }, 'a subscription failed');
    this.end(error);
  }
}
