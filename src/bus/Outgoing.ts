import type { Logger } from 'pino';
import type { Stream } from '../events/emit.ts';
import type { LaneValue } from './Bus.ts';
import { encodeLane } from './busMessage.ts';

/** Milliseconds in which hints are collected into one batch. */
const collectMs = 1;
/** Milliseconds until the next try when a batch was refused although there is a connection. */
const retryMs = 1_000;
/** Streams and keys kept for the time when the connection is back; beyond, hints are left to the sweep. */
const mostWaiting = 10_000;

/** What leaves together: the newest hint of each stream, and encoded latest values by stream, lane and key. */
export interface Batch {
  hints: ReadonlyMap<Stream, number>;
  lanes: ReadonlyMap<string, { stream: Stream; lane: string; text: string }>;
}

export interface OutgoingOptions {
  /** Resolves when the batch is on its way, and not before; the next one waits. Rejects when it is to be sent again. */
  send: (batch: Batch) => Promise<void>;
  isConnected: () => boolean;
  /** Milliseconds between two batches, at least: under load, other nodes hear this much later, and each batch holds more. */
  pauseMs: number;
  log: Logger;
}

/**
 * What is to be told to other nodes: one batch at a time, so that what comes while the network is slow
 * gathers, and the newest replaces the older. While there is no connection it waits, within bounds.
 */
export class Outgoing {
  readonly #options: OutgoingOptions;
  #hints = new Map<Stream, number>();
  #lanes = new Map<string, { stream: Stream; lane: string; text: string }>();
  #collecting: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #lastSentAt = 0;
  #isClosed = false;

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  addHint(stream: Stream, seq: number): void {
    if (this.#hints.size >= mostWaiting && !this.#hints.has(stream)) return;
    this.#hints.set(stream, Math.max(seq, this.#hints.get(stream) ?? 0));
    this.schedule();
  }

  addLane(value: LaneValue): void {
    const { stream, lane, key } = value;
    const text = encodeLane(value);
    if (text === undefined) {
      this.#options.log.warn({ stream, lane, key }, 'a latest value is too large for the other nodes');
      return;
    }
    const id = JSON.stringify([stream, lane, key]);
    if (this.#lanes.size >= mostWaiting && !this.#lanes.has(id)) return;
    this.#lanes.set(id, { stream, lane, text });
    this.schedule();
  }

  /** Sends soon what waits, if there is a connection; called when there is one again. */
  schedule(delayMs = collectMs): void {
    if (this.#collecting || this.#sending || this.#isClosed) return;
    if (!this.#options.isConnected() || (this.#hints.size === 0 && this.#lanes.size === 0)) return;
    this.#collecting = setTimeout(
      () => {
        this.#collecting = undefined;
        this.#sending = this.#sendAndGoOn();
      },
      Math.max(delayMs, this.#lastSentAt + this.#options.pauseMs - performance.now()),
    );
  }

  /** Sends what waits, and nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#collecting);
    await this.#sending;
    if (this.#options.isConnected()) await this.#send();
  }

  async #sendAndGoOn(): Promise<void> {
    const wasSent = await this.#send();
    this.#lastSentAt = performance.now();
    this.#sending = undefined;
    this.schedule(wasSent ? collectMs : retryMs);
  }

  /** @returns false when what it took was put back, for a later try. */
  async #send(): Promise<boolean> {
    const hints = this.#hints;
    const lanes = this.#lanes;
    if (hints.size === 0 && lanes.size === 0) return true;
    this.#hints = new Map();
    this.#lanes = new Map();
    try {
      await this.#options.send({ hints, lanes });
      return true;
    } catch (error) {
      this.#options.log.debug(
        { err: error },
        'a message could not be sent on the bus; it is kept for the next one',
      );
      for (const [stream, seq] of hints) this.#hints.set(stream, Math.max(seq, this.#hints.get(stream) ?? 0));
      for (const [id, value] of lanes) if (!this.#lanes.has(id)) this.#lanes.set(id, value);
      return false;
    }
  }
}
