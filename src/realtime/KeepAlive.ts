import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

export interface KeepAliveTimes {
  /** Milliseconds between pings. */
  pingMs: number;
  /** Milliseconds in which something must come after a ping. */
  pongMs: number;
  /** The same while bytes wait to be sent: behind them the ping arrives late, and a slow reader is not dead. */
  stalledMs: number;
}

/** Pings a socket, and cuts it off when nothing at all comes back in time. */
export class KeepAlive {
  readonly #ws: WebSocket;
  readonly #socket: Duplex & Partial<Pick<Socket, 'bytesRead'>>;
  readonly #times: KeepAliveTimes;
  #timer: NodeJS.Timeout;

  constructor(ws: WebSocket, socket: Duplex, times: KeepAliveTimes) {
    this.#ws = ws;
    this.#socket = socket;
    this.#times = times;
    this.#timer = this.#waitForPing();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #waitForPing(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#ws.ping();
      this.#timer = this.#waitForPong(this.#socket.bytesRead, performance.now());
    }, this.#times.pingMs);
  }

  #waitForPong(readBefore: number | undefined, pingedAt: number): NodeJS.Timeout {
    return setTimeout(() => {
      const isStalled =
        this.#socket.writableLength > 0 && performance.now() - pingedAt < this.#times.stalledMs;
      if (this.#socket.bytesRead !== readBefore) this.#timer = this.#waitForPing();
      else if (isStalled) this.#timer = this.#waitForPong(readBefore, pingedAt);
      else this.#ws.terminate();
    }, this.#times.pongMs);
  }
}
