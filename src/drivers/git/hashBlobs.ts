import { isUtf8 } from 'node:buffer';
import { createHash, hash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { fail } from '../../errors.ts';
import { isObjectName } from './checkRefName.ts';
import { CatFileParser, type CatFilePiece } from './catFileParser.ts';
import { GitFailure } from './gitProcess.ts';
import type { Mirror } from './openMirror.ts';

export interface HashedBlob {
  oid: string;
  /** SHA-256 of the raw bytes, in hexadecimal. */
  sha256: string;
  size: number;
  /** `large` above `maxTextBytes`, whatever is in it; `text` is UTF-8 without a NUL. */
  kind: 'text' | 'binary' | 'large';
}

export interface HashOptions {
  /** Blobs up to this size are held in memory, one at a time, to see whether they are text. */
  maxTextBytes: number;
  /** Gets each text before its `onHashed`; reading waits for the promise. The bytes may be kept. */
  onText?: (sha256: string, bytes: Buffer) => Promise<void> | void;
  /** Called once per object name, in the order given; reading waits for the promise. */
  onHashed: (blob: HashedBlob) => Promise<void> | void;
}

const linesPerWrite = 500;
const nul = 0;

async function writeNames(stdin: Writable, oids: Iterable<string>): Promise<number> {
  let count = 0;
  let lines = '';
  for (const oid of oids) {
    if (!isObjectName(oid)) throw new TypeError(`not an object name: ${JSON.stringify(oid)}`);
    lines += `${oid}\n`;
    if (++count % linesPerWrite !== 0) continue;
    // A git that has ended closes its end: then nothing drains any more, and `done` tells why.
    if (!stdin.write(lines) && !stdin.destroyed) {
      await Promise.race([once(stdin, 'drain'), once(stdin, 'close')]);
    }
    lines = '';
  }
  stdin.end(lines);
  return count;
}

/** Takes the pieces of one blob after another; each turn of `take` gives the blob that it completed. */
class BlobHasher {
  readonly #maxTextBytes: number;
  #oid = '';
  #size = 0;
  #pieces: Buffer[] = [];
  #running: Hash | undefined;

  constructor(maxTextBytes: number) {
    this.#maxTextBytes = maxTextBytes;
  }

  take(piece: CatFilePiece): { blob: HashedBlob; bytes: Buffer | null } | null {
    if (piece.kind === 'missing') throw new GitFailure(`object ${piece.oid} is missing`, '');
    if (piece.kind === 'header') {
      if (piece.type !== 'blob') throw new GitFailure(`object ${piece.oid} is not a file`, '');
      this.#oid = piece.oid;
      this.#size = piece.size;
      this.#running = piece.size > this.#maxTextBytes ? createHash('sha256') : undefined;
      return null;
    }
    if (this.#running) this.#running.update(piece.bytes);
    else this.#pieces.push(piece.bytes);
    return piece.last ? this.#finish() : null;
  }

  #finish(): { blob: HashedBlob; bytes: Buffer | null } {
    const common = { oid: this.#oid, size: this.#size };
    if (this.#running) {
      return { blob: { ...common, sha256: this.#running.digest('hex'), kind: 'large' }, bytes: null };
    }
    const [first] = this.#pieces;
    const bytes = this.#pieces.length === 1 && first ? first : Buffer.concat(this.#pieces);
    this.#pieces = [];
    const isText = isUtf8(bytes) && !bytes.includes(nul);
    const sha256 = hash('sha256', bytes);
    return { blob: { ...common, sha256, kind: isText ? 'text' : 'binary' }, bytes: isText ? bytes : null };
  }
}

/**
 * Reads blobs of the mirror through one git process and hashes their raw bytes. Memory stays flat: at most
 * one blob of `maxTextBytes` is held, larger ones pass by in pieces of 64 KiB. 10,000 files of 4 kB take
 * about 0.25 s.
 *
 * Raises REPOSITORY_READ_FAILED when an object is missing or damaged, the signal's reason when aborted, and
 * whatever the callbacks raise.
 */
export async function hashBlobs(mirror: Mirror, oids: Iterable<string>, options: HashOptions): Promise<void> {
  const git = mirror.run(['cat-file', '--batch', '--buffer']);
  const parser = new CatFileParser();
  const hasher = new BlobHasher(options.maxTextBytes);
  const writing = writeNames(git.stdin, oids);
  writing.catch((error: unknown) => git.kill(error));
  let count = 0;
  try {
    for await (const chunk of git.stdout as AsyncIterable<Buffer>) {
      parser.push(chunk);
      for (let piece = parser.read(); piece; piece = parser.read()) {
        const done = hasher.take(piece);
        if (!done) continue;
        count++;
        // Awaited only when there is something to wait for: a turn of the queue per file adds up.
        const kept = done.bytes && options.onText?.(done.blob.sha256, done.bytes);
        if (kept) await kept;
        const told = options.onHashed(done.blob);
        if (told) await told;
      }
    }
    await git.done;
    if (count !== (await writing) || !parser.isBetweenObjects) {
      fail('REPOSITORY_READ_FAILED', { reason: 'git ended before it had sent every file' });
    }
  } catch (error) {
    await mirror.explain(error);
  } finally {
    git.kill(new Error('no longer wanted'));
    await git.done.catch(() => {});
  }
}
