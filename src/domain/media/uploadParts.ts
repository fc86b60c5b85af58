import { v7 as uuidv7 } from 'uuid';
import type { Storage } from '../../drivers/storage/Storage.ts';
import { partKey, partsPrefix } from './mediaKeys.ts';

/** Stored at a time: a worker or server that dies loses this much at most of what was sent. */
const partBytes = 64 * 2 ** 20;

export interface UploadParts {
  keys: string[];
  /** How many bytes from the beginning are there without a gap. */
  offset: number;
}

interface Part {
  key: string;
  offset: number;
  size: number;
}

async function listParts(storage: Storage, mediaId: string): Promise<Part[]> {
  const prefix = partsPrefix(mediaId);
  const parts: Part[] = [];
  for await (const { key, size } of storage.list(prefix))
    parts.push({ key, offset: Number.parseInt(key.slice(prefix.length), 10), size });
  return parts;
}

/**
 * What has come of a resumable upload: of all rows of parts that follow each other, the one that goes furthest. A server
 * that stood still for so long that it lost the upload may store a part later, beside those of its successor; it
 * leads nowhere, and is passed over.
 */
export async function findParts(storage: Storage, mediaId: string): Promise<UploadParts> {
  /** By the place where they begin: the part from which one comes furthest, and how far. */
  const best = new Map<number, { part: Part; end: number }>();
  for (const part of (await listParts(storage, mediaId)).toReversed()) {
    if (part.size === 0) continue;
    const next = part.offset + part.size;
    const end = best.get(next)?.end ?? next;
    if (end > (best.get(part.offset)?.end ?? 0)) best.set(part.offset, { part, end });
  }
  const parts: UploadParts = { keys: [], offset: 0 };
  for (let at = best.get(0); at; at = best.get(parts.offset)) {
    parts.keys.push(at.part.key);
    parts.offset += at.part.size;
  }
  return parts;
}

/** The bytes of the parts, one after the other. */
export async function* readParts(storage: Storage, keys: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const key of keys) yield* await storage.getStream(key);
}

/** Reads a source piece by piece; one that breaks off ends there, so that what came is kept. */
class Source {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #next: Uint8Array | null = null;
  isOver = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Whether there is another byte. */
  async hasMore(): Promise<boolean> {
    while (!this.isOver && !this.#next?.length) {
      try {
        const { done, value } = await this.#chunks.next();
        if (done) this.isOver = true;
        else this.#next = value;
      } catch {
        this.isOver = true;
      }
    }
    return !this.isOver;
  }

  async *take(most: number, counter: { bytes: number }): AsyncGenerator<Uint8Array> {
    while (counter.bytes < most && (await this.hasMore())) {
      const chunk = this.#next ?? new Uint8Array();
      const taken = chunk.subarray(0, most - counter.bytes);
      this.#next = chunk.subarray(taken.length);
      counter.bytes += taken.length;
      yield taken;
    }
  }
}

/**
 * Stores what comes from `offset` on, part by part. A source that breaks off is no error: what came is kept.
 * @returns where the next byte goes.
 */
export async function storeParts(
  storage: Storage,
  { mediaId, offset }: { mediaId: string; offset: number },
  content: AsyncIterable<Uint8Array>,
): Promise<number> {
  const source = new Source(content);
  const writer = uuidv7();
  let at = offset;
  while (await source.hasMore()) {
    const counter = { bytes: 0 };
    await storage.putStream(partKey(mediaId, at, writer), source.take(partBytes, counter));
    at += counter.bytes;
  }
  return at;
}
