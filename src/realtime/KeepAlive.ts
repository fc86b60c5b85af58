import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { Deadlines, type Waiter } from './Deadlines.ts';

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

/** Whose socket it is. */
export interface KeptAlive {
  /** Its other end is dead. */
  giveUp(reason: DeadReason): void;
}

/** What the pings of all sockets have in common. */
export interface Rounds {
  pings: Deadlines;
  pongs: Deadlines;
  times: KeepAliveTimes;
}

/** One for all sockets of a server. */
export const openRounds = (times: KeepAliveTimes): Rounds => ({
  pings: new Deadlines(times.pingMs),
  pongs: new Deadlines(times.pongMs),
  times,
});

/** Pings a socket, and tells when its other end is dead: nothing at all comes back, or is taken, in time. */
export class KeepAlive implements Waiter {
  readonly #ws: WebSocket;
  readonly #socket: Duplex & Partial<Pick<Socket, 'bytesRead' | 'setTimeout'>>;
  readonly #rounds: Rounds;
  readonly #holder: KeptAlive;
  /** Bytes that had come when it was pinged; undefined while no answer is waited for. */
  #readBefore: number | undefined;
  /** What ends the wait for a reader who takes nothing; undefined while there is none. */
  #onStall: (() => void) | undefined;
  #isStopped = false;

  constructor(ws: WebSocket, socket: Duplex, rounds: Rounds, holder: KeptAlive) {
    this.#ws = ws;
    this.#socket = socket;
    this.#rounds = rounds;
    this.#holder = holder;
    rounds.pings.add(this);
  }

  /** Bytes that have come. */
  get #read(): number {
    return this.#socket.bytesRead ?? 0;
  }

  stop(): void {
    this.#isStopped = true;
    this.#rounds.pings.remove(this);
    this.#rounds.pongs.remove(this);
    this.#socket.setTimeout?.(0);
  }

  due(): void {
    // A process that was held up itself first reads what has come meanwhile.
    if (this.#readBefore !== undefined) setImmediate(() => this.#look());
    else {
      this.#ws.ping();
      this.#readBefore = this.#read;
      this.#rounds.pongs.add(this);
    }
  }

  #look(): void {
    if (this.#isStopped) return;
    const hasWaiting = this.#socket.writableLength > 0;
    // Who is not read because of calls that are under way cannot be heard.
    if (this.#read !== this.#readBefore || (this.#ws.isPaused && !hasWaiting)) {
      this.#stopWaiting();
      this.#readBefore = undefined;
      this.#rounds.pings.add(this);
    } else if (hasWaiting) {
      this.#waitForReader();
      this.#rounds.pongs.add(this);
    } else this.#holder.giveUp('no_pong');
  }

  /** The socket's own timer starts again whenever a byte comes or is taken: a slow reader is not dead. */
  #waitForReader(): void {
    if (this.#onStall) return;
    this.#onStall = () => this.#holder.giveUp('stalled');
    this.#socket.setTimeout?.(this.#rounds.times.stalledMs, this.#onStall);
  }

  #stopWaiting(): void {
    if (this.#onStall) this.#socket.setTimeout?.(0, this.#onStall);
    this.#onStall = undefined;
  }
}
