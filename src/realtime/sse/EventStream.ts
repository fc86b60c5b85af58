import type { ServerResponse } from 'node:http';
import { EventStreamFrames } from './EventStreamFrames.ts';

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // nginx would otherwise keep the events until its buffer is full.
  'x-accel-buffering': 'no',
  // Nothing else will come over a connection that a stream has ended on, and a server that stops need not wait for it.
  connection: 'close',
};

/** One response that stays open. The frames of a turn leave in one write. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #limit: number;
  #preface: Buffer | undefined;
  #frames: Buffer[] = [];
  /** Bytes given to it that the kernel has not taken yet. */
  #bytes = 0;
  #takenAt = performance.now();
  #isOver = false;
  #waiting: (() => void)[] = [];

  /**
   * @param limit bytes that may wait before it counts as full.
   * @param preface stands before the first frame.
   */
  constructor(response: ServerResponse, limit: number, preface: Buffer) {
    this.#response = response;
    this.#limit = limit;
    this.#preface = preface;
    response.writeHead(200, headers);
    response.flushHeaders();
    response.once('close', () => {
      this.#isOver = true;
      this.#release();
    });
  }

  push(frame: Buffer): void {
    if (this.#isOver) return;
    if (this.#frames.length === 0) setImmediate(() => this.#send());
    if (this.#preface) this.#add(this.#preface);
    this.#preface = undefined;
    this.#add(frame);
  }

  /** Whether so much waits that its reader should get no more for now. */
  isFull(): boolean {
    return !this.#isOver && this.#bytes > this.#limit;
  }

  /** Resolves when it is no longer full, or closed. */
  async drained(): Promise<void> {
    while (this.isFull()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Shows that the stream lives. @returns false when its reader has taken nothing for `stalledMs`, though something waits. */
  ping(stalledMs: number): boolean {
    if (this.#bytes === 0) this.push(EventStreamFrames.ping);
    else if (performance.now() - this.#takenAt > stalledMs) return false;
    return true;
  }

  /** Sends what waits and ends the response. */
  end(): void {
    if (this.#isOver) return;
    if (this.#preface) this.#add(this.#preface);
    this.#send();
    this.#isOver = true;
    this.#response.end();
    this.#release();
  }

  /** Cuts it off. */
  destroy(): void {
    this.#response.destroy();
  }

  #add(frame: Buffer): void {
    this.#frames.push(frame);
    this.#bytes += frame.length;
  }

  #send(): void {
    const frames = this.#frames;
    if (frames.length === 0 || this.#isOver) return;
    this.#frames = [];
    const [first] = frames;
    const chunk = frames.length === 1 && first ? first : Buffer.concat(frames);
    if (this.#bytes === chunk.length) this.#takenAt = performance.now();
    this.#response.write(chunk, () => {
      this.#bytes -= chunk.length;
      this.#takenAt = performance.now();
      this.#release();
    });
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
