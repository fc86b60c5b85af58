import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Backlog } from './Backlog.ts';
import { Gate } from './Gate.ts';

/**
 * Outboxes that are written one after the other. Filling thousands first and writing them then would find
 * nothing of them in the processor's cache, and the first reader would wait for the last.
 */
const mostFilled = 64;
/** Outboxes with something to send in this turn. */
let filled: Outbox[] = [];

function sendAll(): void {
  const some = filled;
  filled = [];
  for (const outbox of some) outbox.send();
}

/**
 * What waits to be written to one socket. The frames of a turn leave in one write: ten frames joined cost
 * 0.9 µs each, written one by one 5.8 µs, nearly all of it in the kernel.
 *
 * Frames go to the TCP socket as they are, past the library's sender, which would make a header per socket.
 * It writes whole frames too, so both may write. What the socket does not take at once waits here.
 */
export class Outbox {
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #backlog: Backlog;
  #frames: Buffer[] = [];
  #bytes = 0;
  #isFilled = false;
  /** Whether bytes waited in the socket when something was last written to it; asking it each time is dear. */
  #isBehind = false;
  #isClosed = false;
  #waiting: (() => void)[] = [];
  #gate: Gate | undefined;

  /**
   * @param socket what `ws` runs on.
   * @param backlog says how many bytes may wait before it counts as full.
   */
  constructor(ws: WebSocket, socket: Duplex, backlog: Backlog) {
    this.#ws = ws;
    this.#socket = socket;
    this.#backlog = backlog;
    socket.on('drain', () => this.send());
  }

  push(frame: Buffer): void {
    if (this.#isClosed) return;
    if (!this.#isFilled) {
      this.#isFilled = true;
      if (filled.length >= mostFilled) sendAll();
      if (filled.length === 0) setImmediate(sendAll);
      filled.push(this);
    }
    this.#frames.push(frame);
    this.#bytes += frame.length;
    // Much of it within one turn counts at once, or all who are woken together would be given too much.
    if (this.#bytes > this.#socket.writableHighWaterMark) this.#backlog.weigh(this, this.#length);
  }

  /** Writes now what waits for the end of the turn, as far as the socket takes it. */
  send(): void {
    this.#isFilled = false;
    if (this.#isClosed) return;
    // Nothing may follow the frame that closes.
    if (this.#ws.readyState !== WebSocket.OPEN) this.#forget();
    else if (this.#frames.length > 0) this.#write(this.#socket.writableHighWaterMark);
    this.#isBehind = this.#socket.writableNeedDrain;
    this.#backlog.weigh(this, this.#isBehind ? this.#length : 0);
    this.#release();
  }

  /** Whether so much waits that its reader should get no more for now. */
  isFull(): boolean {
    const bytes = this.#isBehind ? this.#length : this.#bytes;
    return bytes > this.#backlog.allowance && !this.#isClosed;
  }

  /** Resolves when it is no longer full, or closed. */
  async drained(): Promise<void> {
    if (this.isFull()) this.#backlog.noteWait();
    while (this.isFull()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Does work whose result is large and ends here: one piece at a time, and not before there is room. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#gate ??= new Gate(1);
    return this.#gate.run(async () => {
      await this.drained();
      return work();
    });
  }

  /** Hands what waits to the socket; what is pushed afterwards is dropped. */
  close(): void {
    if (this.#isClosed) return;
    if (this.#ws.readyState === WebSocket.OPEN) this.#write(Infinity);
    this.#forget();
    this.#isClosed = true;
    this.#backlog.weigh(this, 0);
    this.#release();
  }

  /** Ends the socket and forgets what waits. */
  cutOff(): void {
    this.#forget();
    this.#ws.terminate();
  }

  /** Bytes that wait, here and in the socket. */
  get #length(): number {
    return this.#bytes + this.#socket.writableLength;
  }

  /** Writes frames until so many bytes wait in the socket. */
  #write(most: number): void {
    const socket = this.#socket;
    if (socket.writableLength >= most) return;
    const frames = this.#frames;
    let count = 0;
    if (frames.length > 1) socket.cork();
    for (const frame of frames) {
      if (count > 0 && socket.writableLength >= most) break;
      socket.write(frame);
      this.#bytes -= frame.length;
      count += 1;
    }
    if (frames.length > 1) socket.uncork();
    this.#frames = count === frames.length ? [] : frames.slice(count);
  }

  #forget(): void {
    this.#frames = [];
    this.#bytes = 0;
  }

  #release(): void {
    if (this.#waiting.length === 0 || this.isFull()) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
