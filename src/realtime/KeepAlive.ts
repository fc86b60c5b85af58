import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

export interface KeepAliveTimes {
  /** Milliseconds between pings. */
  pingMs: number;
  /** Milliseconds in which something must come after a ping. */
  pongMs: number;
  /** Milliseconds that nothing may move while bytes wait to be sent: behind them the ping arrives late. */
  stalledMs: number;
}

/** Why a socket is given up: nothing came back, or nothing was taken of what waits for it. */
export type DeadReason = 'no_pong' | 'stalled';

/** Pings a socket, and tells when its other end is dead: nothing at all comes back, or is taken, in time. */
export class KeepAlive {
  readonly #ws: WebSocket;
  readonly #socket: Duplex & Partial<Pick<Socket, 'bytesRead' | 'setTimeout'>>;
  readonly #times: KeepAliveTimes;
  readonly #onDead: (reason: DeadReason) => void;
  #timer: NodeJS.Timeout;
  #isStopped = false;

  constructor(ws: WebSocket, socket: Duplex, times: KeepAliveTimes, onDead: (reason: DeadReason) => void) {
    this.#ws = ws;
    this.#socket = socket;
    this.#times = times;
    this.#onDead = onDead;
    // Its timer starts again whenever a byte comes or is taken: a slow reader is not dead.
    socket.on('timeout', () => onDead('stalled'));
    this.#timer = this.#waitForPing();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#socket.setTimeout?.(0);
  }

  #waitForPing(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#ws.ping();
      this.#timer = this.#waitForPong(this.#socket.bytesRead);
    }, this.#times.pingMs);
  }

  #waitForPong(readBefore: number | undefined, isStalled = false): NodeJS.Timeout {
    // A process that was held up itself first reads what has come meanwhile.
    return setTimeout(() => setImmediate(() => this.#look(readBefore, isStalled)), this.#times.pongMs);
  }

  #look(readBefore: number | undefined, isStalled: boolean): void {
    if (this.#isStopped) return;
    const hasWaiting = this.#socket.writableLength > 0;
    // Who is not read because of calls that are under way cannot be heard.
    if (this.#socket.bytesRead !== readBefore || (this.#ws.isPaused && !hasWaiting)) {
      if (isStalled) this.#socket.setTimeout?.(0);
      this.#timer = this.#waitForPing();
    } else if (hasWaiting) {
      if (!isStalled) this.#socket.setTimeout?.(this.#times.stalledMs);
      this.#timer = this.#waitForPong(readBefore, true);
    } else this.#onDead('no_pong');
  }
}
