import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

/** Outboxes with something to send in this turn. */
const filled = new Set<Outbox>();

function sendAll(): void {
  for (const outbox of filled) outbox.send();
  filled.clear();
}

/**
 * What waits to be written to one socket. The frames of a turn leave in one write: ten frames joined cost
 * 0.9 µs each, written one by one 5.8 µs, nearly all of it in the kernel.
 *
 * Frames go to the TCP socket as they are, past the library's sender, which would make a header per socket.
 * It writes whole frames too, so both may write.
 */
export class Outbox {
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #limit: number;
  #frames: Buffer[] = [];
  #bytes = 0;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  /**
   * @param socket what `ws` runs on.
   * @param limit bytes that may wait before it counts as full.
   */
  constructor(ws: WebSocket, socket: Duplex, limit: number) {
    this.#ws = ws;
    this.#socket = socket;
    this.#limit = limit;
    socket.on('drain', () => this.#release());
  }

  push(frame: Buffer): void {
    if (this.#isClosed) return;
    if (filled.size === 0) setImmediate(sendAll);
    filled.add(this);
    this.#frames.push(frame);
    this.#bytes += frame.length;
  }

  /** Writes now what waits for the end of the turn. */
  send(): void {
    const frames = this.#frames;
    if (frames.length === 0 || this.#isClosed) return;
    this.#frames = [];
    this.#bytes = 0;
    // Nothing may follow the frame that closes.
    if (this.#ws.readyState === WebSocket.OPEN) {
      if (frames.length > 1) this.#socket.cork();
      for (const frame of frames) this.#socket.write(frame);
      if (frames.length > 1) this.#socket.uncork();
    }
    this.#release();
  }

  /** Whether so much waits that its reader should get no more for now. */
  isFull(): boolean {
    return !this.#isClosed && this.#bytes + this.#socket.writableLength > this.#limit;
  }

  /** Resolves when it is no longer full, or closed. */
  async drained(): Promise<void> {
    while (this.isFull()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Sends what waits; what is pushed afterwards is dropped. */
  close(): void {
    this.send();
    this.#isClosed = true;
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
