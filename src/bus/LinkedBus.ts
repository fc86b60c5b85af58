import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Stream } from '../events/emit.ts';
import { Audience } from './Audience.ts';
import type { Bus, BusState, EpochName, LaneInterest, LaneValue, Streams } from './Bus.ts';
import { LaneThrottle } from './LaneThrottle.ts';
import { type Batch, Outgoing } from './Outgoing.ts';
import type { InterestChanges } from './Topics.ts';
import { type BusMessage, maxMessageBytes, readMessage } from './busMessage.ts';
import { readEpochMessage } from './epochMessage.ts';

/** Milliseconds between two values of one key. */
const laneMs = 100;

export interface LinkedBusOptions {
  log: Logger;
  /** Milliseconds between two batches to the other nodes, at least. */
  pauseMs: number;
  /** Told what this process wants to hear. */
  interests?: InterestChanges;
}

/** What all buses have in common: who listens here, what is on its way, what came. How it travels is theirs. */
export abstract class LinkedBus implements Bus {
  /** Names this process in its messages. */
  protected readonly node: string = randomUUID();
  protected readonly log: Logger;
  protected readonly counts = { sent: 0, received: 0, ignored: 0 };
  readonly #audience: Audience;
  readonly #outgoing: Outgoing;
  readonly #throttle = new LaneThrottle(laneMs, (value) => this.#sendLane(value));
  #isClosed = false;

  constructor({ log, pauseMs, interests }: LinkedBusOptions) {
    this.log = log;
    this.#audience = new Audience(interests);
    this.#outgoing = new Outgoing({
      send: (batch) => this.send(batch),
      isConnected: () => this.isConnected,
      pauseMs,
      log,
    });
  }

  abstract get isConnected(): boolean;
  protected abstract get links(): BusState['links'];
  /** Sends a batch; resolves when it is on its way. @throws when it is to be sent again. */
  protected abstract send(batch: Batch): Promise<void>;
  protected abstract disconnect(): Promise<void>;

  state(): BusState {
    return { links: this.links, ...this.counts };
  }

  publishHint(stream: Stream, seq: number): void {
    this.#audience.tellHint(stream, seq);
    this.#outgoing.addHint(stream, seq);
  }

  publishLane(stream: Stream, lane: string, key: string, value: object): void {
    if (!this.#isClosed) this.#throttle.publish({ stream, lane, key, value });
  }

  onHint(listener: (stream: Stream, seq: number) => void, streams?: Streams): () => void {
    return this.#audience.onHint(listener, streams);
  }

  onLane(listener: (value: LaneValue) => void, of?: LaneInterest): () => void {
    return this.#audience.onLane(listener, of);
  }

  onEpoch(listener: (name: EpochName, epoch: number) => void): () => void {
    return this.#audience.onEpoch(listener);
  }

  onReconnect(listener: () => void): () => void {
    return this.#audience.onReconnect(listener);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#throttle.flush();
    this.#isClosed = true;
    await this.#outgoing.close();
    await this.disconnect();
  }

  /** A link is there again: what waits is sent, and listeners look for what they missed. */
  protected meetAgain(): void {
    this.#outgoing.schedule();
    this.#audience.tellReconnect();
  }

  /**
   * Takes what another node said; anything else is counted and ignored.
   * @param topic the one under which it was heard; left out: heard because everything is.
   */
  protected receive(text: string, topic?: string): void {
    const message = text.length > maxMessageBytes ? undefined : readMessage(text);
    if (!message) {
      this.counts.ignored += 1;
      this.log.debug('something on the bus is no message of this version');
      return;
    }
    if (message.node === this.node) return;
    this.counts.received += 1;
    try {
      this.#tell(message, topic === undefined ? undefined : [topic]);
    } catch (error) {
      // Well-formed, yet of a shape that no listener of this version knows: no reason to end the process.
      this.counts.ignored += 1;
      this.log.warn({ err: error }, 'a message on the bus could not be taken');
    }
  }

  protected receiveEpoch(text: string): void {
    const moved = readEpochMessage(text);
    if (moved) this.#audience.tellEpoch(moved.name, moved.epoch);
    else this.log.debug('something on the channel of epochs names none');
  }

  #tell({ hints, lanes }: BusMessage, topics: readonly string[] | undefined): void {
    for (const [stream, seq] of hints) this.#audience.tellHint(stream, seq, topics);
    for (const value of lanes) this.#audience.tellLane(value, topics);
  }

  #sendLane(value: LaneValue): void {
    this.#audience.tellLane(value);
    this.#outgoing.addLane(value);
  }
}
