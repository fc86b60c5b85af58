import { closeSync, fdatasync, fsync, openSync, write as writeBytes } from 'node:fs';
import { promisify } from 'node:util';
import { encodePackIndex, type PackPlace } from './PackIndex.ts';

const flush = promisify(fsync);
const flushData = promisify(fdatasync);
const write = promisify(writeBytes);

/** Bytes that are written in one call. */
const chunkBytes = 2 ** 20;
/** Chunks that may wait to be written, and chunks after which the disk is set to work in between. */
const mostWaiting = 8;
const flushEvery = 8;

/**
 * Writes a pack: blobs one after another, then their index. Blobs are gathered in chunks, which are written
 * beside the program and then used again, so `add` costs a copy. (Writing thousands of small buffers as they
 * come costs more than copying them, and keeps what they are views of from being freed.)
 */
export class PackWriter {
  readonly places = new Map<string, PackPlace>();
  readonly #descriptor: number;
  readonly #spare: Buffer[] = [];
  #chunk: Buffer = Buffer.allocUnsafeSlow(chunkBytes);
  #filled = 0;
  #offset = 0;
  #waiting = 0;
  #written = 0;
  #writing: Promise<void> = Promise.resolve();
  #flushing: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** @param path of a file that does not exist yet. */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'wx', 0o600);
  }

  /** Adds a blob that is not in it yet. Await the promise when there is one: too much is waiting for the disk. */
  add(name: string, bytes: Uint8Array): Promise<void> | undefined {
    this.places.set(name, { offset: this.#offset, size: bytes.length });
    this.#push(bytes);
    return this.#waiting > mostWaiting ? this.#writing : undefined;
  }

  /** Writes what is left and the index, and makes the file durable. */
  async finish(): Promise<void> {
    this.#push(encodePackIndex(this.places));
    this.#send();
    await this.#writing;
    await this.#flushing;
    await flush(this.#descriptor);
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // The descriptor's number may be given to another file once it is closed.
    await Promise.allSettled([this.#writing, this.#flushing]);
    closeSync(this.#descriptor);
  }

  #push(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length;) {
      const part = bytes.subarray(start, start + chunkBytes - this.#filled);
      this.#chunk.set(part, this.#filled);
      this.#filled += part.length;
      start += part.length;
      if (this.#filled === chunkBytes) this.#send();
    }
    this.#offset += bytes.length;
  }

  #send(): void {
    const chunk = this.#chunk;
    const filled = this.#filled;
    this.#chunk = this.#spare.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
    this.#filled = 0;
    this.#waiting += 1;
    this.#writing = this.#writing.then(() => this.#writeChunk(chunk, filled));
    // Reported by whoever awaits it next.
    this.#writing.catch(() => {});
  }

  async #writeChunk(chunk: Buffer, filled: number): Promise<void> {
    // A signal or a full disk may cut a write short; the next one then tells why.
    for (let done = 0; done < filled;)
      done += (await write(this.#descriptor, chunk, done, filled - done)).bytesWritten;
    this.#spare.push(chunk);
    this.#waiting -= 1;
    this.#written += 1;
    if (this.#written % flushEvery !== 0) return;
    this.#flushing = this.#flushing.then(() => flushData(this.#descriptor));
    this.#flushing.catch(() => {});
  }
}
