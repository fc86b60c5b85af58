import { type Duplex, getDefaultHighWaterMark } from 'node:stream';
import { WebSocket } from 'ws';
import type { Backlog } from './Backlog.ts';
import { Gate } from './Gate.ts';

/**
 * Outboxes that are written one after the other. Filling thousands first and writing them then would find
 * nothing of them in the processor's cache, and the first reader would wait for the last.
 */
const mostFilled = 64;
/** Bytes of one turn from which on it counts what waits for a reader; as many as a socket takes at once. */
const leastWeighed = getDefaultHighWaterMark(false);
/** Never added to. */
const none: Buffer[] = [];
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
  /** The first frame that waits. Hardly ever are there others, and a list for each reader would be garbage. */
  #first: Buffer | undefined;
  #others: Buffer[] = none;
  #bytes = 0;
  #isFilled = false;
  /** Whether bytes waited in the socket when something was last written to it; asking it each time is dear. */
  #isBehind = false;
  /** Whether the socket will say when it has room. */
  #isListening = false;
  /** Whether the backlog counts this one. */
  #isWeighed = false;
  #isClosed = false;
  #waiting: (() => void)[] | undefined;
  #gate: Gate | undefined;

  /**
   * @param socket what `ws` runs on.
   * @param backlog says how many bytes may wait before it counts as full.
   */
  constructor(ws: WebSocket, socket: Duplex, backlog: Backlog) {
    this.#ws = ws;
    this.#socket = socket;
    this.#backlog = backlog;
  }

  push(frame: Buffer): void {
    if (this.#isClosed) return;
    if (!this.#isFilled) {
      this.#isFilled = true;
      if (filled.length >= mostFilled) sendAll();
      if (filled.length === 0) setImmediate(sendAll);
      filled.push(this);
    }
    if (!this.#first) this.#first = frame;
    else if (this.#others === none) this.#others = [frame];
    else this.#others.push(frame);
    this.#bytes += frame.length;
    // Much of it within one turn counts at once, or all who are woken together would be given too much.
    if (this.#bytes > leastWeighed) this.#weigh(this.#length);
  }

  /** Writes now what waits for the end of the turn, as far as the socket takes it. */
  send(): void {
    this.#isFilled = false;
    if (this.#isClosed) return;
    const first = this.#first;
    // Nothing may follow the frame that closes.
    if (this.#ws.readyState !== WebSocket.OPEN) this.#forget();
    else if (first && this.#others === none && !this.#isBehind) {
      this.#forget();
      if (this.#socket.write(first)) return this.#keepUp();
    } else if (first) this.#write(this.#socket.writableHighWaterMark);
    if (this.#socket.writableNeedDrain) this.#fallBehind();
    else this.#keepUp();
  }

  /** Whether so much waits that its reader should get no more for now. */
  isFull(): boolean {
    const bytes = this.#isBehind ? this.#length : this.#bytes;
    return bytes > this.#backlog.allowance && !this.#isClosed;
  }

  /** Resolves when it is no longer full, or closed. */
  async drained(): Promise<void> {
    if (this.isFull()) this.#backlog.noteWait();
    while (this.isFull()) await new Promise<void>((resolve) => (this.#waiting ??= []).push(resolve));
  }

  /** Does work whose result is large and ends here: one piece at a time, and not before there is room. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const gate = (this.#gate ??= new Gate(1));
    try {
      return await gate.run(async () => {
        await this.drained();
        return work();
      });
    } finally {
      // There may be many of these, and hardly any of them has a line.
      if (gate.isIdle) this.#gate = undefined;
    }
  }

  /** Hands what waits to the socket; what is pushed afterwards is dropped. */
  close(): void {
    if (this.#isClosed) return;
    if (this.#ws.readyState === WebSocket.OPEN) this.#write(Infinity);
    this.#forget();
    this.#isClosed = true;
    this.#weigh(0);
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
    if (!this.#first || socket.writableLength >= most) return;
    const frames = [this.#first, ...this.#others];
    let count = 0;
    if (frames.length > 1) socket.cork();
    for (const frame of frames) {
      if (count > 0 && socket.writableLength >= most) break;
      socket.write(frame);
      this.#bytes -= frame.length;
      count += 1;
    }
    if (frames.length > 1) socket.uncork();
    this.#first = frames[count];
    this.#others = count + 1 < frames.length ? frames.slice(count + 1) : none;
  }

  /** The socket has taken all that it was given, or nearly. */
  #keepUp(): void {
    this.#isBehind = false;
    this.#weigh(0);
    this.#release();
  }

  #fallBehind(): void {
    this.#isBehind = true;
    this.#weigh(this.#length);
    this.#release();
    if (this.#isListening) return;
    this.#isListening = true;
    this.#socket.once('drain', () => {
      this.#isListening = false;
      this.send();
    });
  }

  #weigh(bytes: number): void {
    if (bytes === 0 && !this.#isWeighed) return;
    this.#isWeighed = bytes > 0;
    this.#backlog.weigh(this, bytes);
  }

  #forget(): void {
    this.#first = undefined;
    this.#others = none;
    this.#bytes = 0;
  }

  #release(): void {
    if (!this.#waiting || this.isFull()) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const resolve of waiting) resolve();
  }
}
