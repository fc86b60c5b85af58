import { isUtf8 } from 'node:buffer';
import { createHash, hash, type Hash } from 'node:crypto';
import { isObjectName } from './checkRefName.ts';
import type { CatFilePiece } from './catFileParser.ts';
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
  /** Gets each text before its `onHashed`; reading waits for the promise. The bytes may be kept, as part of larger ones. */
  onText?: (sha256: string, bytes: Buffer) => Promise<void> | void;
  /** Called once per object name, in the order given. */
  onHashed: (blob: HashedBlob) => void;
}

const nul = 0;

/** Takes the pieces of one blob after another; each turn of `take` gives what the blob that it completed is. */
class BlobHasher {
  readonly #maxTextBytes: number;
  #size = 0;
  #pieces: Buffer[] = [];
  #running: Hash | undefined;

  constructor(maxTextBytes: number) {
    this.#maxTextBytes = maxTextBytes;
  }

  /** @returns with its bytes if it is a text. */
  take(piece: CatFilePiece): (Omit<HashedBlob, 'oid'> & { bytes: Buffer | null }) | null {
    if (piece.kind === 'missing') throw new GitFailure(`object ${piece.oid} is missing`, '');
    if (piece.kind === 'header') {
      if (piece.type !== 'blob') throw new GitFailure(`object ${piece.oid} is not a file`, '');
      this.#size = piece.size;
      this.#running = piece.size > this.#maxTextBytes ? createHash('sha256') : undefined;
      return null;
    }
    if (this.#running) {
      this.#running.update(piece.bytes);
      if (!piece.last) return null;
      return { sha256: this.#running.digest('hex'), size: this.#size, kind: 'large', bytes: null };
    }
    // Nearly all blobs come in one piece.
    if (piece.last && this.#pieces.length === 0) return this.#finish(piece.bytes);
    this.#pieces.push(piece.bytes);
    if (!piece.last) return null;
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    return this.#finish(bytes);
  }

  #finish(bytes: Buffer): ReturnType<BlobHasher['take']> {
    const isText = isUtf8(bytes) && !bytes.includes(nul);
    const kind = isText ? 'text' : 'binary';
    return { sha256: hash('sha256', bytes), size: this.#size, kind, bytes: isText ? bytes : null };
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
export async function hashBlobs(
  mirror: Mirror,
  oids: readonly string[],
  options: HashOptions,
): Promise<void> {
  const odd = oids.find((oid) => !isObjectName(oid));
  if (odd !== undefined) throw new TypeError(`not an object name: ${JSON.stringify(odd)}`);
  const hasher = new BlobHasher(options.maxTextBytes);
  let next = 0;
  await mirror.read(oids, (piece) => {
    const done = hasher.take(piece);
    if (!done) return undefined;
    const { sha256, size, kind, bytes } = done;
    const blob: HashedBlob = { oid: oids[next++] ?? '', sha256, size, kind };
    const kept = bytes && options.onText?.(sha256, bytes);
    if (!kept) return options.onHashed(blob);
    return kept.then(() => options.onHashed(blob));
  });
}
