import { type Msg, type NatsConnection, type Subscription, connect, errors } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { SettingsError } from '../settings.ts';
import { Reconnection } from './Reconnection.ts';
import type { InterestChanges } from './Topics.ts';
import type { BusTarget } from '../readBusUrl.ts';

/** Milliseconds for a server to answer. */
const answerMs = 5_000;
/** Milliseconds between checks: a network that swallows packets closes no socket. */
const checkMs = 10_000;

export interface NatsLinkOptions {
  target: BusTarget;
  /** Before all subjects: what is said under another one is heard by others alone. */
  prefix: string;
  log: Logger;
  onMessage: (data: Uint8Array, topic: string) => void;
  onReconnect: () => void;
}

/** What can only be wrong in the setting: waiting does not make it right. */
const isRefusal = (error: unknown) => error instanceof errors.AuthorizationError;

/**
 * One connection to NATS, with the topics that this process wants subscribed, and opened anew whenever it
 * breaks. The library's own reconnecting is not used: it keeps what is published meanwhile without bounds.
 */
export class NatsLink implements InterestChanges {
  readonly #options: NatsLinkOptions;
  readonly #topics = new Map<string, Subscription | undefined>();
  #connection: NatsConnection | undefined;
  readonly #reconnection: Reconnection;
  #isClosed = false;
  /** Fails what waits for the server's answer. */
  #giveUp: ((error: Error) => void) | undefined;

  constructor(options: NatsLinkOptions) {
    this.#options = options;
    const { log, onReconnect } = options;
    this.#reconnection = new Reconnection({
      connect: () => this.#connect(),
      onFailure: (error, attempt) =>
        log[isRefusal(error) ? 'warn' : 'debug'](
          { err: error, attempt },
          'the bus could not connect to NATS yet',
        ),
      onConnected() {
        log.info('the bus is connected to NATS again');
        onReconnect();
      },
    });
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /**
   * Connects; a server that cannot be reached is tried again in the background.
   * @throws SettingsError when the server refused the credentials.
   */
  async open(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      if (isRefusal(error))
        throw new SettingsError(
          'BUS_URL=…: NATS refused it (authorization violation). Check the user and the password, or the token, before the host.',
          { cause: error },
        );
      this.#options.log.error(
        { err: error, servers: this.#options.target.servers },
        'NATS cannot be reached; until it can, what happens on other nodes is found by the sweep',
      );
      this.#reconnection.begin();
    }
  }

  begin(topic: string): void {
    this.#topics.set(topic, this.#subscribe(topic));
  }

  end(topic: string): void {
    const subscription = this.#topics.get(topic);
    this.#topics.delete(topic);
    if (subscription?.isClosed() === false) subscription.unsubscribe();
  }

  /**
   * Sends messages by their topics, one call at a time; resolves when the server has them.
   * @throws when the connection breaks before.
   */
  async publish(messages: Iterable<readonly [topic: string, text: string]>): Promise<void> {
    const connection = this.#connection;
    if (!connection) throw new Error('The bus is not connected.');
    for (const [topic, text] of messages) connection.publish(`${this.#options.prefix}.${topic}`, text);
    // The library leaves a flush unanswered when the connection ends, and waits for a server that hangs.
    const timer = setTimeout(() => void connection.close(), answerMs);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#giveUp = reject;
        connection.flush().then(resolve, reject);
      });
    } finally {
      clearTimeout(timer);
      this.#giveUp = undefined;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#reconnection.stop();
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  async #connect(): Promise<void> {
    const connection = await connect({
      ...this.#options.target,
      name: 'tessera bus',
      noEcho: true,
      reconnect: false,
      timeout: answerMs,
      pingInterval: checkMs,
    });
    if (this.#isClosed) return void connection.close();
    this.#connection = connection;
    for (const topic of this.#topics.keys()) this.#topics.set(topic, this.#subscribe(topic));
    void this.#watch(connection);
    void this.#report(connection);
  }

  /** Says what the server objects to while the connection stands, such as subjects that may not be published to. */
  async #report(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'error')
        this.#options.log.warn({ err: status.error }, 'NATS refused something; other nodes may not be heard');
    }
  }

  #subscribe(topic: string): Subscription | undefined {
    const callback = (error: Error | null, { data }: Msg) => {
      if (error) this.#options.log.warn({ err: error, topic }, 'NATS refused a subscription');
      else this.#options.onMessage(data, topic);
    };
    // One that has just ended takes no subscription: the next one gets them all.
    if (!this.#connection || this.#connection.isClosed()) return undefined;
    return this.#connection.subscribe(`${this.#options.prefix}.${topic}`, { callback });
  }

  /** Waits for the end of the connection, and opens it anew. */
  async #watch(connection: NatsConnection): Promise<void> {
    const error = await connection.closed();
    this.#giveUp?.(new Error('The connection to NATS ended.'));
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    if (this.#isClosed) return;
    this.#options.log.warn(
      { err: error ?? new Error('the connection ended') },
      'the bus lost its connection to NATS; until it is back, what happens on other nodes is found by the sweep',
    );
    this.#reconnection.begin();
  }
}
