import type { SubscriptionFrames } from '../Gateway.ts';

/** What the stock client needs to know of the stream. */
export interface ClientOptions {
  /** Milliseconds without anything, a ping included, after which the client opens the stream anew. */
  reconnectAfterInactivityMs: number;
}

const frame = (text: string): Buffer => Buffer.from(`${text}\n\n`);

/**
 * A subscription as server-sent events, as the stock `httpSubscriptionLink` reads them: `connected` first,
 * values without a name (with the cursor as `id` where they are tracked), `serialized-error` or `return` last.
 * There is one subscription a stream, so the request id has no place in it, and every watcher gets the same bytes.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventStreamFrames implements SubscriptionFrames {
  static readonly ping: Buffer = frame('event: ping\ndata: ');
  readonly #stringify: (value: unknown) => string | undefined;
  readonly #connected: Buffer;
  readonly #stopped: Buffer = frame('event: return\ndata: ');
  /** By value; live as long as the values. */
  readonly #shared = new WeakMap<object, Buffer>();

  /** @param stringify the transformer's output as JSON text. */
  constructor(stringify: (value: unknown) => string | undefined, options: ClientOptions) {
    this.#stringify = stringify;
    this.#connected = frame(`event: connected\ndata: ${JSON.stringify(options)}`);
  }

  /** Says after how many milliseconds a client whose stream has ended comes back; may stand before any frame. */
  static retry(milliseconds: number): Buffer {
    return Buffer.from(`retry: ${Math.round(milliseconds)}\n`);
  }

  started(): Buffer {
    return this.#connected;
  }

  stopped(): Buffer {
    return this.#stopped;
  }

  data(_id: unknown, value: unknown, cursor: string | null = null): Buffer {
    const text = this.#stringify(value) ?? 'null';
    return frame(cursor === null ? `data: ${text}` : `id: ${cursor}\ndata: ${text}`);
  }

  shared(id: unknown, value: object, cursor: string | null): Buffer {
    let known = this.#shared.get(value);
    if (!known) {
      known = this.data(id, value, cursor);
      this.#shared.set(value, known);
    }
    return known;
  }

  error(_id: unknown, shape: unknown): Buffer {
    return frame(`event: serialized-error\ndata: ${this.#stringify(shape) ?? 'null'}`);
  }
}
