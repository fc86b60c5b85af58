/** A piece of what `git cat-file --batch` writes; `data` pieces follow their header until `last`. */
export type CatFilePiece =
  | { kind: 'header'; oid: string; type: string; size: number }
  | { kind: 'data'; bytes: Buffer; last: boolean }
  | { kind: 'missing'; oid: string };

const newline = 10;
const maxHeader = 200;
const empty: Buffer = Buffer.alloc(0);

/**
 * Parses the output of git-cat-file(1) `--batch` as it comes, whatever the pieces it comes in:
 * `<oid> SP <type> SP <size> LF <size bytes> LF`, or `<oid> SP missing LF`.
 *
 * Push a chunk, then call `read` until it gives null. Content is never gathered or copied: a data piece is a
 * view of the chunk. Every object has at least one data piece, an empty one for an empty object. Throws
 * SyntaxError for anything else.
 */
export class CatFileParser {
  #chunk: Buffer = empty;
  #position = 0;
  #state: 'header' | 'data' | 'newline' = 'header';
  #remaining = 0;

  push(chunk: Buffer): void {
    const rest = this.#chunk.subarray(this.#position);
    this.#chunk = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    this.#position = 0;
  }

  /** Whether the input may end here. */
  get isBetweenObjects(): boolean {
    return this.#state === 'header' && this.#position === this.#chunk.length;
  }

  read(): CatFilePiece | null {
    if (this.#state === 'newline') this.#skipNewline();
    if (this.#state === 'header') return this.#readHeader();
    return this.#state === 'data' ? this.#readData() : null;
  }

  #skipNewline(): void {
    if (this.#position === this.#chunk.length) return;
    if (this.#chunk[this.#position] !== newline) throw new SyntaxError('no line end after an object');
    this.#position++;
    this.#state = 'header';
  }

  #readHeader(): CatFilePiece | null {
    const end = this.#chunk.indexOf(newline, this.#position);
    if (end === -1) {
      if (this.#chunk.length - this.#position > maxHeader) throw new SyntaxError('an endless header');
      return null;
    }
    const line = this.#chunk.toString('latin1', this.#position, end);
    this.#position = end + 1;
    const [oid = '', type = '', size] = line.split(' ');
    if (size === undefined && type === 'missing') return { kind: 'missing', oid };
    this.#remaining = Number(size ?? Number.NaN);
    if (!Number.isSafeInteger(this.#remaining)) throw new SyntaxError('a header without a size');
    this.#state = 'data';
    return { kind: 'header', oid, type, size: this.#remaining };
  }

  #readData(): CatFilePiece | null {
    const available = Math.min(this.#remaining, this.#chunk.length - this.#position);
    if (available === 0 && this.#remaining > 0) return null;
    const bytes = this.#chunk.subarray(this.#position, this.#position + available);
    this.#position += available;
    this.#remaining -= available;
    const last = this.#remaining === 0;
    if (last) this.#state = 'newline';
    return { kind: 'data', bytes, last };
  }
}
