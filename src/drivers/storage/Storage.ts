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

/** What a signed URL for reading gives, besides the bytes. */
export interface SignGetOptions {
  /** A whole number, at most a week. */
  expiresInSeconds: number;
  /** The media type that the reader is told. */
  contentType: string;
  /** Name under which a browser saves it; any text. Default: the end of the key. */
  filename?: string;
  /** Whether a browser shows it or saves it. */
  disposition: 'inline' | 'attachment';
}

/** What may be uploaded to a signed URL. */
export interface SignPutOptions {
  /** A whole number, at most a week. */
  expiresInSeconds: number;
  /** The media type that the sender must declare; nobody has looked whether it is true. */
  contentType: string;
  /** In bytes, exactly. */
  size: number;
}

/** A request that its holder may send, with these headers as they are and the bytes as its body. */
export interface SignedPut {
  url: string;
  method: 'PUT';
  headers: Record<string, string>;
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
  /**
   * Gives the object another key, durably, replacing what that one held; both exist for a moment where the
   * store cannot rename. Raises NOT_FOUND.
   */
  move(from: string, to: string): Promise<void>;
  /** A URL from which anybody may GET (and HEAD) the object until it expires, also in part by Range. */
  signGet(key: string, options: SignGetOptions): Promise<string>;
  /**
   * A request with which anybody may store exactly so many bytes of this type until it expires. A URL that is still valid
   * may be used again: whoever goes on with what was uploaded moves it to another key first.
   */
  signPut(key: string, options: SignPutOptions): Promise<SignedPut>;
  /** Every object whose key starts with `prefix` (any string that a key can start with), in byte order. */
  list(prefix: string): AsyncIterable<StoredObject>;
}
