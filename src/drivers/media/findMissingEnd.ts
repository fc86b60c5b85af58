import { type FileHandle, open } from 'node:fs/promises';

/** Boxes of a file, at most; a fragmented film has some thousands. */
const mostBoxes = 1_000_000;

/** Read at a time: a file may have nothing but empty boxes, and a call for each would keep a worker busy for minutes. */
const windowBytes = 4_096;

/** Reads a few bytes here and there, mostly near each other. */
class Reader {
  readonly #file: FileHandle;
  readonly #signal: AbortSignal;
  #start = 0;
  #window = Buffer.alloc(0);

  constructor(file: FileHandle, signal: AbortSignal) {
    this.#file = file;
    this.#signal = signal;
  }

  /** null where the file ends before. @throws the signal's reason */
  async at(position: number, length: number): Promise<Buffer | null> {
    const end = this.#start + this.#window.length;
    if (position < this.#start || position + length > end) {
      this.#signal.throwIfAborted();
      const { bytesRead, buffer } = await this.#file.read(
        Buffer.alloc(windowBytes),
        0,
        windowBytes,
        position,
      );
      this.#start = position;
      this.#window = buffer.subarray(0, bytesRead);
    }
    const from = position - this.#start;
    return from + length <= this.#window.length ? this.#window.subarray(from, from + length) : null;
  }
}

/** ISO 14496-12 §4.2: each box says how long it is. */
async function findInBoxes(file: Reader, size: number): Promise<string | null> {
  let hasIndex = false;
  let at = 0;
  for (let boxes = 0; at < size && boxes < mostBoxes; boxes += 1) {
    const head = await file.at(at, 8);
    if (!head) return 'its last box has no head';
    const short = head.readUInt32BE(0);
    const long = short === 1 ? await file.at(at + 8, 8) : null;
    const length = short === 0 ? size - at : long ? Number(long.readBigUInt64BE()) : short;
    hasIndex ||= head.toString('latin1', 4) === 'moov';
    if (length < 8) return null;
    at += length;
  }
  if (at > size) return `${at - size} bytes are missing`;
  return hasIndex ? null : 'its index (moov) is missing';
}

/** A RIFF file says how long it is; 0 and all ones stand for what was not known when it was begun. */
async function findInRiff(file: Reader, size: number): Promise<string | null> {
  const said = (await file.at(4, 4))?.readUInt32LE(0) ?? 0;
  const isUnknown = said === 0 || said === 0xffff_ffff;
  return !isUnknown && said + 8 > size ? `${said + 8 - size} bytes are missing` : null;
}

/**
 * What a file lacks by its own account, which its demuxer overlooks as long as it finds something to play.
 * @returns null when it lacks nothing, or says nothing of it.
 * @throws the signal's reason
 */
export async function findMissingEnd({
  path,
  demuxer,
  signal,
}: {
  path: string;
  demuxer: string;
  signal: AbortSignal;
}): Promise<string | null> {
  const find = { mov: findInBoxes, wav: findInRiff, avi: findInRiff }[demuxer];
  if (!find) return null;
  await using file = await open(path, 'r');
  return await find(new Reader(file, signal), (await file.stat()).size);
}
