import { setTimeout as sleep } from 'node:timers/promises';
import { TRPCError, isTrackedEnvelope } from '@trpc/server';
import { LaneWatch, LogWatch, type Sink } from '../events/watch.ts';
import type { SubscriptionGateway } from './Gateway.ts';
import type { Outbox } from './Outbox.ts';
import { type SocketCall, callProcedure } from './callProcedure.ts';
import { isOutage } from '../database/isOutage.ts';
import type { RequestId } from './protocol.ts';
import { shapeError } from './shapeError.ts';

const firstRetryMs = 250;
const longestRetryMs = 4_000;

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Whose subscription it is. */
export interface Holder {
  /** The subscription has ended. */
  forget(ended: ServedSubscription): void;
}

/** Where its frames go. */
export type Writer = Pick<Outbox, 'push' | 'isFull' | 'drained'> & Partial<Pick<Outbox, 'inTurn'>>;

/**
 * A subscription of one client, from its request to `stopped` or an error. What a procedure returns is
 * handed to the hub when it is a watch, and read value by value when it is any other iterable.
 */
export class ServedSubscription implements Sink {
  readonly #gateway: SubscriptionGateway;
  readonly #outbox: Writer;
  /** The request's, by which its frames are known to the client. */
  readonly id: RequestId;
  readonly #path: string;
  readonly #requestId: string;
  readonly #holder: Holder;
  /** What is ended with it: the call of the procedure, then what that has returned. */
  #work: { close(): void };
  #isOver = false;

  constructor(gateway: SubscriptionGateway, outbox: Writer, id: RequestId, call: SocketCall, holder: Holder) {
    this.#gateway = gateway;
    this.#outbox = outbox;
    this.id = id;
    this.#path = call.path;
    this.#requestId = call.requestId;
    this.#holder = holder;
    const controller = new AbortController();
    this.#work = { close: () => controller.abort() };
    void this.#run(call, controller);
  }

  /** Sends a value, with its cursor if it has one. */
  next(cursor: string | null, value: object): void {
    try {
      this.#outbox.push(this.#gateway.frames.shared(this.id, value, cursor));
    } catch (error) {
      this.#gateway.log.error({ err: error, procedure: this.#path }, 'a value could not be serialised');
      this.error(error);
    }
  }

  /** Ends it with an error. */
  error(error: unknown): void {
    if (!this.#end()) return;
    const { frames, router } = this.#gateway;
    // All that an error's shape needs of the context, which would take more memory than the rest.
    const ctx = { origin: { requestId: this.#requestId } };
    const call = { type: 'subscription', path: this.#path, ctx } as const;
    this.#outbox.push(frames.error(this.id, shapeError(router, error, call)));
  }

  isFull(): boolean {
    return this.#outbox.isFull();
  }

  async drained(): Promise<void> {
    return this.#outbox.drained();
  }

  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#outbox.inTurn?.(work) ?? work();
  }

  /** The client wants no more, or the procedure has no more. */
  stop(): void {
    if (!this.#end()) return;
    this.#outbox.push(this.#gateway.frames.stopped(this.id));
  }

  /** The socket is gone. */
  abandon(): void {
    this.#end();
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#work.close();
    this.#holder.forget(this);
    return true;
  }

  async #run(call: SocketCall, controller: AbortController): Promise<void> {
    try {
      const result = await this.#begin(call, controller.signal);
      if (this.#isOver) return;
      if (!isAsyncIterable(result)) {
        throw new TRPCError({
          code: 'INTERNAL_SERVER_ERROR',
          message: `The subscription ${this.#path} returned nothing to iterate.`,
        });
      }
      this.#outbox.push(this.#gateway.frames.started(this.id));
      if (result instanceof LogWatch) this.#serve(this.#gateway.hub.openLog(result.spec, this));
      else if (result instanceof LaneWatch) this.#serve(this.#gateway.hub.openLane(result.spec, this));
      else await this.#iterate(result, controller);
    } catch (error) {
      this.error(error);
    }
  }

  /**
   * Calls the procedure. While the database cannot be reached it tries again, for as long as the client
   * waits: a client that resumes would take the error for the end of its subscription.
   */
  async #begin(call: SocketCall, signal: AbortSignal): Promise<unknown> {
    const { router, starts } = this.#gateway;
    const begin = () => callProcedure(router, call, signal);
    for (let delay = firstRetryMs; ; delay = Math.min(longestRetryMs, delay * 2)) {
      try {
        return await (starts ? starts.run(begin, signal) : begin());
      } catch (error) {
        if (this.#isOver || !isOutage(error)) throw error;
      }
      await sleep(delay * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }

  #serve(watch: { close(): void }): void {
    if (this.#isOver) watch.close();
    else this.#work = watch;
  }

  async #iterate(values: AsyncIterable<unknown>, controller: AbortController): Promise<void> {
    const iterator = values[Symbol.asyncIterator]();
    const close = () => {
      // Not waited for: a generator ends only when what it waits for comes, and nobody needs the outcome.
      Promise.resolve(iterator.return?.()).catch((error: unknown) => {
        this.#gateway.log.debug({ err: error, procedure: this.#path }, 'the end of a subscription failed');
      });
      controller.abort();
    };
    this.#work = { close };
    while (!this.#isOver) {
      const { done, value } = await iterator.next();
      if (this.#isOver) return;
      if (done) return this.stop();
      const { frames } = this.#gateway;
      const frame = isTrackedEnvelope(value)
        ? frames.data(this.id, value[1], value[0])
        : frames.data(this.id, value);
      this.#outbox.push(frame);
      await this.#outbox.drained();
    }
  }
}
