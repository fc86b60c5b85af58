import { hash } from 'node:crypto';

/** Where a blob lies in its pack, in bytes. */
export interface PackPlace {
  offset: number;
  size: number;
}

const nameBytes = 32;
const offsetBytes = 6;
const entryBytes = nameBytes + offsetBytes + 4;
const magic = Buffer.from('TSRPACK1');
const countBytes = 4;
/** Magic, number of entries, SHA-256 of the entries. */
export const trailerBytes = magic.length + countBytes + nameBytes;

/**
 * What is at the end of a pack: for each blob its SHA-256, offset (48 bits) and size (32 bits), in the order
 * of the hashes, and a trailer that tells a whole pack from a torn one.
 */
export function encodePackIndex(places: ReadonlyMap<string, PackPlace>): Buffer {
  const entries = Buffer.alloc(places.size * entryBytes);
  let at = 0;
  for (const name of [...places.keys()].toSorted()) {
    const { offset, size } = places.get(name) ?? { offset: 0, size: 0 };
    entries.write(name, at, 'hex');
    entries.writeUIntBE(offset, at + nameBytes, offsetBytes);
    entries.writeUInt32BE(size, at + nameBytes + offsetBytes);
    at += entryBytes;
  }
  const count = Buffer.alloc(countBytes);
  count.writeUInt32BE(places.size);
  return Buffer.concat([entries, magic, count, hash('sha256', entries, 'buffer')]);
}

/** How many bytes of entries come before a trailer, null when it is none. */
export function readTrailer(trailer: Buffer): number | null {
  if (trailer.length !== trailerBytes || !trailer.subarray(0, magic.length).equals(magic)) return null;
  return trailer.readUInt32BE(magic.length) * entryBytes;
}

/** The blobs of one pack; 42 bytes of memory for each. */
export class PackIndex {
  readonly #entries: Buffer;

  private constructor(entries: Buffer) {
    this.#entries = entries;
  }

  /** @param bytes entries and trailer. @returns null when they are damaged. */
  static decode(bytes: Buffer): PackIndex | null {
    const entries = bytes.subarray(0, bytes.length - trailerBytes);
    const trailer = bytes.subarray(entries.length);
    if (readTrailer(trailer) !== entries.length) return null;
    const isWhole = hash('sha256', entries, 'buffer').equals(trailer.subarray(magic.length + countBytes));
    return isWhole ? new PackIndex(entries) : null;
  }

  /** @param name SHA-256 in hexadecimal. */
  find(name: string): PackPlace | null {
    const wanted = Buffer.from(name, 'hex');
    const at = this.#search(wanted);
    if (at === this.#count || this.#compare(at, wanted) !== 0) return null;
    return this.#place(at);
  }

  /** Names and sizes of the blobs whose first byte is this one, in order. */
  *startingWith(first: number): Generator<{ name: string; size: number }> {
    for (let at = this.#search(Buffer.of(first)); at < this.#count; at += 1) {
      const start = at * entryBytes;
      if (this.#entries[start] !== first) return;
      yield { name: this.#entries.toString('hex', start, start + nameBytes), size: this.#place(at).size };
    }
  }

  get #count(): number {
    return this.#entries.length / entryBytes;
  }

  /** The first entry that is not before `wanted`. */
  #search(wanted: Buffer): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, wanted) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compare(at: number, wanted: Buffer): number {
    return this.#entries.compare(wanted, 0, wanted.length, at * entryBytes, at * entryBytes + wanted.length);
  }

  #place(at: number): PackPlace {
    const start = at * entryBytes + nameBytes;
    return {
      offset: this.#entries.readUIntBE(start, offsetBytes),
      size: this.#entries.readUInt32BE(start + offsetBytes),
    };
  }
}
