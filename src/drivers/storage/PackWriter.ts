import { closeSync, fdatasync, fsync, openSync, writev } from 'node:fs';
import { promisify } from 'node:util';
import { encodePackIndex, type PackPlace } from './PackIndex.ts';

const flush = promisify(fsync);
const flushData = promisify(fdatasync);
const write = promisify(writev);

/** Bytes and pieces that are written in one call. */
const chunkBytes = 2 ** 20;
const chunkPieces = 500;
/** Bytes that may wait to be written, and bytes after which the disk is set to work in between. */
const mostWaiting = 8 * 2 ** 20;
const flushEvery = 8 * 2 ** 20;

/**
 * Writes a pack: blobs one after another, then their index. Writing happens beside the program, so `add`
 * costs next to nothing; the bytes are not copied, and must not be changed afterwards.
 */
export class PackWriter {
  readonly places = new Map<string, PackPlace>();
  readonly #descriptor: number;
  #offset = 0;
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;
  #waiting = 0;
  #unflushed = 0;
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
    this.#offset += bytes.length;
    this.#waiting += bytes.length;
    this.#pieceBytes += bytes.length;
    this.#pieces.push(bytes);
    if (this.#pieceBytes >= chunkBytes || this.#pieces.length >= chunkPieces) this.#send();
  }

  #send(): void {
    const pieces = this.#pieces;
    const bytes = this.#pieceBytes;
    this.#pieces = [];
    this.#pieceBytes = 0;
    this.#writing = this.#writing.then(() => this.#writeAll(pieces, bytes));
    // Reported by whoever awaits it next.
    this.#writing.catch(() => {});
  }

  async #writeAll(pieces: Uint8Array[], bytes: number): Promise<void> {
    let { bytesWritten } = await write(this.#descriptor, pieces);
    // A signal or a full disk may cut a write short; the next one then tells why.
    for (
      let rest = Buffer.concat(pieces.length > 0 && bytesWritten < bytes ? pieces : []);
      bytesWritten < bytes;
    ) {
      bytesWritten += (await write(this.#descriptor, [rest.subarray(bytesWritten)])).bytesWritten;
    }
    this.#waiting -= bytes;
    this.#unflushed += bytes;
    if (this.#unflushed < flushEvery) return;
    this.#unflushed = 0;
    this.#flushing = this.#flushing.then(() => flushData(this.#descriptor));
    this.#flushing.catch(() => {});
  }
}
