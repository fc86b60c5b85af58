import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Connection } from '../database/openDatabase.ts';
import type { Stream } from '../events/emit.ts';
import type { Bus, EpochName, LaneValue } from './Bus.ts';
import { LaneThrottle } from './LaneThrottle.ts';
import { PgListener } from './PgListener.ts';
import { encodeLane, packMessages, readMessage } from './busMessage.ts';
import { epochChannel, readEpochMessage } from './epochMessage.ts';

const channel = 'tessera_bus';
/** Milliseconds in which hints are collected into one statement. */
const collectMs = 1;
/** Milliseconds between two statements: under load, other nodes hear this much later, and commits cost less. */
const pauseMs = 10;
/** Milliseconds until the next try when PostgreSQL refused a message although it is connected. */
const retryMs = 1_000;
/** Milliseconds between two values of one key. */
const laneMs = 100;
/** Streams and keys kept for the time when the connection is back; beyond, hints are left to the sweep. */
const mostWaiting = 10_000;

/**
 * The bus over LISTEN and NOTIFY. NOTIFY takes a lock for the whole database when it commits, so it never
 * runs in a transaction of the business (measured: 5,000 → 550–1,900 transactions/s), and one statement
 * carries all hints of a millisecond, or of ten while many come.
 */
export class PostgresBus implements Bus {
  readonly #node = randomUUID();
  readonly #log: Logger;
  readonly #listener: PgListener;
  readonly #throttle = new LaneThrottle(laneMs, (value) => this.#sendLane(value));
  readonly #hintListeners = new Set<(stream: Stream, seq: number) => void>();
  readonly #laneListeners = new Set<(value: LaneValue) => void>();
  readonly #epochListeners = new Set<(name: EpochName, epoch: number) => void>();
  readonly #reconnectListeners: Set<() => void>;
  #hints = new Map<Stream, number>();
  /** Encoded values by stream, lane and key. */
  #lanes = new Map<string, string>();
  #collecting: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #lastSentAt = 0;
  #isClosed = false;

  private constructor(log: Logger, listener: PgListener, reconnectListeners: Set<() => void>) {
    this.#log = log;
    this.#listener = listener;
    this.#reconnectListeners = reconnectListeners;
    reconnectListeners.add(() => this.#schedule());
  }

  /** @throws the error of the first connection attempt. */
  static async open({ connection, log }: { connection: Connection; log: Logger }): Promise<PostgresBus> {
    const reconnectListeners = new Set<() => void>();
    let bus: PostgresBus | undefined;
    const listener = await PgListener.open({
      connection,
      log,
      channels: {
        [channel]: (text) => {
          if (bus) bus.#receive(text);
        },
        [epochChannel]: (text) => {
          if (bus) bus.#receiveEpoch(text);
        },
      },
      onReconnect: () => {
        for (const told of reconnectListeners) told();
      },
    });
    bus = new PostgresBus(log, listener, reconnectListeners);
    return bus;
  }

  get isConnected(): boolean {
    return this.#listener.isConnected;
  }

  publishHint(stream: Stream, seq: number): void {
    for (const told of this.#hintListeners) told(stream, seq);
    if (this.#hints.size >= mostWaiting && !this.#hints.has(stream)) return;
    this.#hints.set(stream, Math.max(seq, this.#hints.get(stream) ?? 0));
    this.#schedule();
  }

  publishLane(stream: Stream, lane: string, key: string, value: object): void {
    if (!this.#isClosed) this.#throttle.publish({ stream, lane, key, value });
  }

  onHint(listener: (stream: Stream, seq: number) => void): () => void {
    this.#hintListeners.add(listener);
    return () => this.#hintListeners.delete(listener);
  }

  onLane(listener: (value: LaneValue) => void): () => void {
    this.#laneListeners.add(listener);
    return () => this.#laneListeners.delete(listener);
  }

  onEpoch(listener: (name: EpochName, epoch: number) => void): () => void {
    this.#epochListeners.add(listener);
    return () => this.#epochListeners.delete(listener);
  }

  onReconnect(listener: () => void): () => void {
    this.#reconnectListeners.add(listener);
    return () => this.#reconnectListeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#throttle.flush();
    this.#isClosed = true;
    clearTimeout(this.#collecting);
    await this.#sending;
    if (this.isConnected) await this.#send();
    await this.#listener.close();
  }

  #sendLane(value: LaneValue): void {
    for (const told of this.#laneListeners) told(value);
    const text = encodeLane(value);
    if (text === undefined) {
      this.#log.warn(
        { stream: value.stream, lane: value.lane, key: value.key },
        'a latest value is too large for the other nodes',
      );
      return;
    }
    const id = JSON.stringify([value.stream, value.lane, value.key]);
    if (this.#lanes.size >= mostWaiting && !this.#lanes.has(id)) return;
    this.#lanes.set(id, text);
    this.#schedule();
  }

  #schedule(delayMs = collectMs): void {
    if (this.#collecting || this.#sending || this.#isClosed) return;
    if (!this.isConnected || (this.#hints.size === 0 && this.#lanes.size === 0)) return;
    this.#collecting = setTimeout(
      () => {
        this.#collecting = undefined;
        this.#sending = this.#sendAndGoOn();
      },
      Math.max(delayMs, this.#lastSentAt + pauseMs - performance.now()),
    );
  }

  async #sendAndGoOn(): Promise<void> {
    const wasSent = await this.#send();
    this.#lastSentAt = performance.now();
    this.#sending = undefined;
    this.#schedule(wasSent ? collectMs : retryMs);
  }

  /** @returns false when what it took was put back, for a later try. */
  async #send(): Promise<boolean> {
    const hints = this.#hints;
    const lanes = this.#lanes;
    const messages = packMessages(this.#node, hints, lanes.values());
    if (messages.length === 0) return true;
    this.#hints = new Map();
    this.#lanes = new Map();
    try {
      await this.#listener.notify(channel, messages);
      return true;
    } catch (error) {
      this.#log.debug({ err: error }, 'a message could not be sent on the bus; it is kept for the next one');
      for (const [stream, seq] of hints) this.#hints.set(stream, Math.max(seq, this.#hints.get(stream) ?? 0));
      for (const [id, text] of lanes) if (!this.#lanes.has(id)) this.#lanes.set(id, text);
      return false;
    }
  }

  #receive(text: string): void {
    const message = readMessage(text);
    if (!message) {
      this.#log.debug('something on the bus is no message of this version');
      return;
    }
    if (message.node === this.#node) return;
    for (const [stream, seq] of message.hints) for (const told of this.#hintListeners) told(stream, seq);
    for (const value of message.lanes) for (const told of this.#laneListeners) told(value);
  }

  #receiveEpoch(text: string): void {
    const moved = readEpochMessage(text);
    if (moved) for (const told of this.#epochListeners) told(moved.name, moved.epoch);
    else this.#log.debug('something on the channel of epochs names none');
  }
}
