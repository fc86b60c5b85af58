import type { Readable } from 'node:stream';

export interface StoredObject {
  key: string;
  /** In bytes. */
  size: number;
}

/** What a batch of blobs came to: newly written ones, and ones that were there (or came twice). */
export interface BlobBatchResult {
  written: number;
  present: number;
}

/** Many small blobs that become durable together, at `commit`. Leaving the scope without it drops them. */
export interface BlobBatch extends AsyncDisposable {
  /**
   * Adds a blob under `blobKey(sha256)`; one that is stored already is passed over. Await the promise when
   * there is one: it lets the event loop turn, and holds back a source that is faster than the store.
   */
  put(sha256: string, bytes: Uint8Array): Promise<void> | void;
  /** Makes all of them visible and durable. Before, none of them is certain to be either. */
  commit(): Promise<BlobBatchResult>;
}

/**
 * Where bytes live: a flat space of keys (see `checkKey`) with immutable contents. A reader sees an object
 * whole or not at all. `NOT_FOUND` is raised by the three readers, `UNAVAILABLE` when the store is full.
 */
export interface Storage {
  /**
   * Stores what the source gives, durably once the promise resolves, replacing what the key held.
   * Raises MALFORMED_REQUEST when `size` was given and the source gives more or less; then, and when the
   * source fails, nothing is stored.
   */
  putStream(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options?: { size?: number; signal?: AbortSignal },
  ): Promise<StoredObject>;
  openBlobBatch(): Promise<BlobBatch>;
  /** A batch in one call, for blobs that are at hand or come as a stream. */
  putBlobs(
    blobs:
      | Iterable<{ sha256: string; bytes: Uint8Array }>
      | AsyncIterable<{ sha256: string; bytes: Uint8Array }>,
  ): Promise<BlobBatchResult>;
  /** The caller reads the stream to its end or destroys it. */
  getStream(key: string): Promise<Readable>;
  /** Bytes `start` to `end`, both included, as in an HTTP range (RFC 9110 §14.1.2); `end` may lie beyond. */
  getRange(key: string, start: number, end: number): Promise<Readable>;
  /** Raises RangeError for an object of more than `maxBytes`. */
  getBuffer(key: string, maxBytes: number): Promise<Buffer>;
  head(key: string): Promise<{ size: number } | null>;
  /** Does nothing when there is no such key. */
  delete(key: string): Promise<void>;
  /** Every object whose key starts with `prefix` (any string that a key can start with), in byte order. */
  list(prefix: string): AsyncIterable<StoredObject>;
}
