import type { ConnectionState } from 'tessera-client';

/**
 * `connected`: what is shown is how things stand. `behind`: connected, but something that is shown is still being
 * caught up with. `reconnecting`: the connection was lost a moment ago. `offline`: there is no network, or the server
 * has not been reached for a while.
 */
export type Standing = 'connected' | 'behind' | 'reconnecting' | 'offline';

/** Milliseconds without a connection after which it is called offline. */
const offlineMs = 8_000;

/** How the page's connection stands, from what the client tells and what the browser knows of the network. */
class Connection {
  readonly #listeners = new Set<() => void>();
  #socket: ConnectionState = 'idle';
  #waiting = 0;
  #isOverdue = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #standing: Standing = 'reconnecting';

  constructor() {
    for (const event of ['online', 'offline'] as const) addEventListener(event, () => this.#tell());
    this.setSocket('idle');
  }

  setSocket(state: ConnectionState): void {
    this.#socket = state;
    clearTimeout(this.#timer);
    // Where nothing is watched, nothing is overdue: the sign-in page, say.
    if (state !== 'connecting') this.#isOverdue = false;
    else {
      this.#timer = setTimeout(() => {
        this.#isOverdue = true;
        this.#tell();
      }, offlineMs);
    }
    this.#tell();
  }

  setWaiting(count: number): void {
    this.#waiting = count;
    this.#tell();
  }

  get = (): Standing => this.#standing;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #read(): Standing {
    if (!navigator.onLine) return 'offline';
    if (this.#socket === 'open') return this.#waiting > 0 ? 'behind' : 'connected';
    return this.#isOverdue ? 'offline' : 'reconnecting';
  }

  #tell(): void {
    const standing = this.#read();
    if (standing === this.#standing) return;
    this.#standing = standing;
    for (const listener of this.#listeners) listener();
  }
}

export const connection = new Connection();
