import type { Logger } from 'pino';
import type { Connection } from '../database/openDatabase.ts';
import type { BusState } from './Bus.ts';
import { LinkedBus } from './LinkedBus.ts';
import { NatsLink } from './NatsLink.ts';
import type { Batch } from './Outgoing.ts';
import { PgListener } from './PgListener.ts';
import type { InterestChanges } from './Topics.ts';
import { maxMessageBytes, packMessages } from './busMessage.ts';
import type { BusTarget } from '../readBusUrl.ts';
import { epochChannel } from './epochMessage.ts';
import { hintTopic, laneTopic } from './topicNames.ts';

export interface NatsBusOptions {
  target: BusTarget;
  /** Says whose nodes these are, so that others may use the same server. */
  space: string;
  /** Where the epochs are told from. */
  connection: Connection;
  log: Logger;
}

/**
 * The bus over core NATS. Each stream has subjects of its own, and a node subscribes to those of the streams
 * that somebody watches there: so what one node hears does not grow with what all of them do. Epochs are
 * told by PostgreSQL as ever, for only it knows of a change by whatever door.
 *
 * A batch waits for the one before to be acknowledged: so memory stays bounded when the server is slow.
 */
export class NatsBus extends LinkedBus {
  readonly #nats: NatsLink;
  #postgres: PgListener | undefined;

  private constructor({ target, space, log }: NatsBusOptions) {
    // The audience is made first and told of the link later; it begins to listen only after the constructor.
    let link: NatsLink | undefined;
    const interests: InterestChanges = {
      begin: (topic) => link?.begin(topic),
      end: (topic) => link?.end(topic),
    };
    super({ log, pauseMs: 0, interests });
    link = new NatsLink({
      target,
      prefix: `tessera.${space}`,
      log,
      onMessage: (data, topic) => this.#take(data, topic),
      onReconnect: () => this.meetAgain(),
    });
    this.#nats = link;
  }

  /**
   * A NATS server that cannot be reached is no reason not to start: the sweep delivers meanwhile.
   * @throws SettingsError when it refuses the credentials; what PostgreSQL answers to a connection that fails.
   */
  static async open(options: NatsBusOptions): Promise<NatsBus> {
    const { connection, log } = options;
    const bus = new NatsBus(options);
    bus.#postgres = await PgListener.open({
      connection,
      log,
      channels: { [epochChannel]: (text) => bus.receiveEpoch(text) },
      onReconnect: () => bus.meetAgain(),
    });
    try {
      await bus.#nats.open();
    } catch (error) {
      await bus.disconnect();
      throw error;
    }
    return bus;
  }

  override get isConnected(): boolean {
    return this.#nats.isConnected;
  }

  protected override get links(): BusState['links'] {
    return { nats: this.#nats.isConnected, postgres: this.#postgres?.isConnected ?? false };
  }

  protected override async send({ hints, lanes }: Batch): Promise<void> {
    const messages: [string, string][] = [];
    for (const hint of hints) {
      const [text = ''] = packMessages(this.node, [hint], []);
      messages.push([hintTopic(hint[0]), text]);
    }
    for (const { stream, lane, text: value } of lanes.values()) {
      const [text = ''] = packMessages(this.node, [], [value]);
      messages.push([laneTopic({ streams: stream, lane }), text]);
    }
    await this.#nats.publish(messages);
    this.counts.sent += messages.length;
  }

  protected override async disconnect(): Promise<void> {
    await Promise.all([this.#nats.close(), this.#postgres?.close()]);
  }

  #take(data: Uint8Array, topic: string): void {
    // Nothing that is longer is even decoded.
    if (data.byteLength > maxMessageBytes) this.receive('', topic);
    else this.receive(new TextDecoder().decode(data), topic);
  }
}
