import pg from 'pg';
import type { Logger } from 'pino';
import { type Connection, toPgConfig } from '../database/openDatabase.ts';
import { Reconnection } from './Reconnection.ts';

const notify = {
  name: 'notify bus',
  text: `select pg_notify($1, message) from unnest($2::text[]) as message`,
};

/** Milliseconds: a database that does not answer within this is taken for gone. */
const answerMs = 5_000;
/** Milliseconds between checks: a network that swallows packets closes no socket. */
const checkMs = 10_000;

export interface PgListenerOptions {
  connection: Connection;
  log: Logger;
  /** What is done with what is said on each channel, by its name (lower-case letters and `_`). */
  channels: Readonly<Record<string, (text: string) => void>>;
  onReconnect: () => void;
}

/**
 * One connection to PostgreSQL that listens and notifies, and is opened anew whenever it breaks. It must
 * reach PostgreSQL itself: LISTEN does not pass a pooler that shares sessions between transactions.
 */
export class PgListener {
  readonly #options: PgListenerOptions;
  #client: pg.Client | undefined;
  readonly #reconnection: Reconnection;
  #isClosed = false;
  readonly #check: NodeJS.Timeout;

  private constructor(options: PgListenerOptions) {
    this.#options = options;
    const { log, onReconnect } = options;
    this.#reconnection = new Reconnection({
      connect: () => this.#connect(),
      onFailure: (error, attempt) => log.debug({ err: error, attempt }, 'the bus could not connect yet'),
      onConnected() {
        log.info('the bus is connected again');
        onReconnect();
      },
    });
    this.#check = setInterval(() => void this.#checkConnection(), checkMs).unref();
  }

  /** @throws the error of the first connection attempt. */
  static async open(options: PgListenerOptions): Promise<PgListener> {
    const listener = new PgListener(options);
    try {
      await listener.#connect();
    } catch (error) {
      clearInterval(listener.#check);
      throw error;
    }
    return listener;
  }

  get isConnected(): boolean {
    return this.#client !== undefined;
  }

  /** Sends the texts, each shorter than 8000 bytes. @throws when there is no connection, or it breaks meanwhile. */
  async notify(channel: string, texts: string[]): Promise<void> {
    if (!this.#client) throw new Error('The bus is not connected.');
    await this.#client.query({ ...notify, values: [channel, texts] });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#check);
    this.#reconnection.stop();
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      ...toPgConfig(this.#options.connection),
      application_name: 'tessera bus',
      keepAlive: true,
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
    });
    client.on('error', (error) => this.#lose(client, error));
    client.on('end', () => this.#lose(client, new Error('the connection ended')));
    const { channels } = this.#options;
    client.on('notification', ({ channel, payload }) => channels[channel]?.(payload ?? ''));
    try {
      await client.connect();
      await client.query(
        Object.keys(channels)
          .map((channel) => `listen ${channel}`)
          .join('; '),
      );
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    if (this.#isClosed) await client.end();
    else this.#client = client;
  }

  #lose(client: pg.Client, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    client.end().catch(() => {});
    if (this.#isClosed) return;
    this.#options.log.warn(
      { err: error },
      'the bus lost its connection to PostgreSQL; until it is back, events are found by the sweep',
    );
    this.#reconnection.begin();
  }

  async #checkConnection(): Promise<void> {
    const client = this.#client;
    try {
      await client?.query('select 1');
    } catch (error) {
      if (client) this.#lose(client, error);
    }
  }
}
