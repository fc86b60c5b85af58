import type { Logger } from 'pino';
import type { Connection } from '../database/openDatabase.ts';
import type { BusState } from './Bus.ts';
import { LinkedBus } from './LinkedBus.ts';
import type { Batch } from './Outgoing.ts';
import { PgListener } from './PgListener.ts';
import { packMessages } from './busMessage.ts';
import { epochChannel } from './epochMessage.ts';

const channel = 'tessera_bus';
/** Milliseconds between two statements: under load, other nodes hear this much later, and commits cost less. */
const pauseMs = 10;

/**
 * The bus over LISTEN and NOTIFY. NOTIFY takes a lock for the whole database when it commits, so it never
 * runs in a transaction of the business (measured: 5,000 → 550–1,900 transactions/s), and one statement
 * carries all hints of a millisecond, or of ten while many come. Every node hears everything.
 */
export class PostgresBus extends LinkedBus {
  #listener: PgListener | undefined;

  private constructor(log: Logger) {
    super({ log, pauseMs });
  }

  /** @throws the error of the first connection attempt. */
  static async open({ connection, log }: { connection: Connection; log: Logger }): Promise<PostgresBus> {
    const bus = new PostgresBus(log);
    bus.#listener = await PgListener.open({
      connection,
      log,
      channels: {
        [channel]: (text) => bus.receive(text),
        [epochChannel]: (text) => bus.receiveEpoch(text),
      },
      onReconnect: () => bus.meetAgain(),
    });
    return bus;
  }

  override get isConnected(): boolean {
    return this.#listener?.isConnected ?? false;
  }

  protected override get links(): BusState['links'] {
    return { postgres: this.isConnected };
  }

  protected override async send({ hints, lanes }: Batch): Promise<void> {
    const texts = [...lanes.values()].map(({ text }) => text);
    const messages = packMessages(this.node, hints, texts);
    await this.#listener?.notify(channel, messages);
    this.counts.sent += messages.length;
  }

  protected override async disconnect(): Promise<void> {
    await this.#listener?.close();
  }
}
