import type { ConnectionState } from './index.ts';

/** `auto`: a WebSocket, and server-sent events where none can be opened. */
export type Transport = 'auto' | 'websocket' | 'sse';

/**
 * Attempts to open a socket that must have failed before it is asked whether the server can be reached otherwise,
 * and again after it was found that it can: one may have been under way when a server that was down came back.
 */
const failuresBefore = 2;

export interface TransportChoiceOptions {
  transport: Transport;
  /** Whether the server answers over HTTP. */
  canReach: () => Promise<boolean>;
  /** Told how the event streams stand, all together. */
  onState: (state: ConnectionState) => void;
}

/**
 * Which way subscriptions go. `auto` falls back to server-sent events when the socket cannot be opened although
 * the server answers over HTTP, so a server that is down is waited for, and stays with them: the network that
 * blocks sockets is the same a minute later.
 */
export class TransportChoice {
  readonly #options: TransportChoiceOptions;
  readonly #listeners = new Set<() => void>();
  /** Event streams, by operation, and whether each is open. */
  readonly #streams = new Map<number, boolean>();
  #transport: 'websocket' | 'sse';
  #failures = 0;
  /** Failures by the time the server was first found to answer over HTTP; undefined: it was not. */
  #failuresAtAnswer: number | undefined;
  #isAsking = false;

  constructor(options: TransportChoiceOptions) {
    this.#options = options;
    this.#transport = options.transport === 'sse' ? 'sse' : 'websocket';
  }

  get transport(): 'websocket' | 'sse' {
    return this.#transport;
  }

  /** Told when subscriptions are to move. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A socket has opened. */
  opened(): void {
    this.#failures = 0;
    this.#failuresAtAnswer = undefined;
  }

  /** A socket has closed, or could not be opened. */
  closed(): void {
    this.#failures += 1;
    if (this.#failures >= failuresBefore && this.#options.transport === 'auto') void this.#ask();
  }

  /** Notes how the stream of an operation stands. */
  note(operation: number, state: 'idle' | 'connecting' | 'pending'): void {
    this.#streams.set(operation, state === 'pending');
    this.#tell();
  }

  forget(operation: number): void {
    if (this.#streams.delete(operation)) this.#tell();
  }

  #tell(): void {
    const open = [...this.#streams.values()];
    this.#options.onState(open.length === 0 ? 'idle' : open.every(Boolean) ? 'open' : 'connecting');
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || this.#transport === 'sse') return;
    this.#isAsking = true;
    const isReachable = await this.#options.canReach().catch(() => false);
    this.#isAsking = false;
    // A socket may have opened meanwhile.
    if (!isReachable || this.#failures < failuresBefore) {
      this.#failuresAtAnswer = undefined;
      return;
    }
    this.#failuresAtAnswer ??= this.#failures;
    if (this.#failures - this.#failuresAtAnswer < failuresBefore) return;
    this.#transport = 'sse';
    for (const listener of this.#listeners) listener();
  }
}
