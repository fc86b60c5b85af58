const firstMs = 100;
const longestMs = 5_000;

export interface ReconnectionOptions {
  /** Connects, or throws. */
  connect: () => Promise<void>;
  /** Told of each attempt that fails. */
  onFailure: (error: unknown, attempt: number) => void;
  /** Told when the connection is there again. */
  onConnected: () => void;
}

/** Connects anew after a connection was lost: soon at first, then every five seconds at least, until it is there. */
export class Reconnection {
  readonly #options: ReconnectionOptions;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: ReconnectionOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#wait(0);
  }

  /** Nothing is tried any more, and of an attempt under way nobody is told. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #wait(attempt: number): void {
    const longest = Math.min(longestMs, firstMs * 2 ** attempt);
    // Spread, so that the nodes do not all knock at a server that has just come back.
    this.#timer = setTimeout(() => void this.#try(attempt), longest * (0.5 + Math.random() / 2));
  }

  async #try(attempt: number): Promise<void> {
    try {
      await this.#options.connect();
    } catch (error) {
      this.#options.onFailure(error, attempt);
      if (!this.#isStopped) this.#wait(attempt + 1);
      return;
    }
    if (!this.#isStopped) this.#options.onConnected();
  }
}
