import { TesseraError } from '../errors.ts';
import type { Gateway } from './Gateway.ts';
import { Renewable } from './Renewable.ts';
import type { TokenBucket } from './TokenBucket.ts';

/** Milliseconds until the next attempt when it could not be read whose a credential is. */
const retryMs = 2_000;

/** What a visitor is found out with, over whichever transport they come. */
export type VisitorParts = Pick<Gateway, 'identify' | 'limits' | 'log' | 'users' | 'minutes'>;

export interface VisitorEvents {
  /** The person may not have this connection too. */
  onRefused(error: TesseraError): void;
  /** The credential is about to run out. */
  onExpiring(): void;
}

/**
 * The person at the other end of a connection, found out beside the first calls, which decide for themselves:
 * counted with the person's other connections, and asked in time to come back with a fresh credential.
 */
export class Visitor extends Renewable {
  readonly #gateway: VisitorParts;
  readonly #tokenHash: string;
  readonly #events: VisitorEvents;
  #actorId: string | undefined;
  #bucket: TokenBucket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #hasLeft = false;

  constructor(gateway: VisitorParts, tokenHash: string, events: VisitorEvents) {
    super(gateway);
    this.#gateway = gateway;
    this.#tokenHash = tokenHash;
    this.#events = events;
    void this.#look();
  }

  /** Counts a message of the person's. @returns 0, or the seconds to wait. */
  charge(): number {
    return this.#bucket?.take() ?? 0;
  }

  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.awaitNothing();
    clearTimeout(this.#retry);
    if (this.#actorId !== undefined) this.#gateway.users.leave(this.#actorId);
  }

  protected override onDue(): void {
    void this.#look(true);
  }

  /** @param isDue whether it was about to run out when last seen; it may have been prolonged since. */
  async #look(isDue = false): Promise<void> {
    const { identify, limits, log, users } = this.#gateway;
    try {
      const bearer = await identify(this.#tokenHash);
      if (this.#hasLeft || !bearer) return;
      if (this.#actorId === undefined) {
        this.#bucket = users.enter(bearer.actorId);
        if (!this.#bucket) {
          const limit = limits.perUser;
          return this.#events.onRefused(
            new TesseraError('TOO_MANY_CONNECTIONS', { holder: 'person', limit }),
          );
        }
        this.#actorId = bearer.actorId;
      }
      if (!bearer.expiresAt) return;
      if (isDue && bearer.expiresAt.getTime() - Date.now() <= limits.renewMs) this.#events.onExpiring();
      else this.awaitEnd(bearer.expiresAt);
    } catch (error) {
      if (this.#hasLeft) return;
      log.debug({ err: error }, 'it could not be read whose a connection is; tried again');
      this.#retry = setTimeout(() => void this.#look(isDue), retryMs * (0.5 + Math.random())).unref();
    }
  }
}
