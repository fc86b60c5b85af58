import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import type { BlobBatch } from '../Storage.ts';
import { blobKey } from '../checkKey.ts';
import { explainS3Failure, isNoSuchKey } from './explainS3Failure.ts';

/** Blobs that are asked for or sent at once. */
const concurrency = 16;
/** A batch up to this size is sent only when it is committed. */
const heldBlobs = 256;
const heldBytes = 4 * 2 ** 20;
/** Bytes on their way above which the source has to wait. */
const mostBytes = 32 * 2 ** 20;

interface Blob {
  sha256: string;
  bytes: Uint8Array;
}

/**
 * A batch of blobs, an object for each. One that is there already costs a question, another one a question and
 * a write. Of a large batch blobs are sent before it is committed; when it is dropped these stay, which does no
 * harm: their name says what they are, and another batch may have counted on them meanwhile.
 */
export function openS3BlobBatch(
  client: S3Client,
  { bucket, prefix }: { bucket: string; prefix: string },
): BlobBatch {
  const limit = pLimit(concurrency);
  const seen = new Set<string>();
  const sending = new Set<Promise<void>>();
  let held: Blob[] = [];
  let waitingBytes = 0;
  let isOpen = true;
  let written = 0;
  let present = 0;
  let failure: { error: unknown } | undefined;

  async function isPresent(key: string, size: number): Promise<boolean> {
    try {
      const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return ContentLength === size;
    } catch (error) {
      if (isNoSuchKey(error)) return false;
      throw error;
    }
  }

  async function store({ sha256, bytes }: Blob): Promise<void> {
    if (failure) return;
    const key = `${prefix}${blobKey(sha256)}`;
    if (await isPresent(key, bytes.length)) {
      present += 1;
      return;
    }
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
    written += 1;
  }

  function send(): void {
    for (const blob of held) {
      const stored = limit(store, blob)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => {
          waitingBytes -= blob.bytes.length;
          sending.delete(stored);
        });
      sending.add(stored);
    }
    held = [];
  }

  const isFull = () => waitingBytes > mostBytes || sending.size > heldBlobs;

  /** Resolves when there is room again. */
  async function waitForRoom(): Promise<void> {
    while (isFull()) await Promise.race(sending);
    if (failure) explainS3Failure(failure.error);
  }

  function put(sha256: string, bytes: Uint8Array): Promise<void> | void {
    if (!isOpen) throw new TypeError('the batch is committed or dropped');
    if (seen.has(sha256)) {
      present += 1;
      return;
    }
    seen.add(sha256);
    held.push({ sha256, bytes });
    waitingBytes += bytes.length;
    if (seen.size < heldBlobs && waitingBytes < heldBytes) return;
    send();
    return isFull() ? waitForRoom() : undefined;
  }

  return {
    put,
    async commit() {
      if (!isOpen) throw new TypeError('the batch is committed or dropped');
      isOpen = false;
      send();
      await Promise.all(sending);
      if (failure) return explainS3Failure(failure.error);
      return { written, present };
    },
    async [Symbol.asyncDispose]() {
      isOpen = false;
      held = [];
      limit.clearQueue();
    },
  };
}
