import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { S3Target } from '../../../readStorageUrl.ts';
import type { SignGetOptions, SignPutOptions, SignedPut, Storage, StoredObject } from '../Storage.ts';
import { checkBytes, checkRange } from '../checkBytes.ts';
import { checkKey, checkPrefix } from '../checkKey.ts';
import { checkSigning } from '../checkSigning.ts';
import { writeDisposition } from '../disposition.ts';
import { explainS3Failure, isNoSuchKey } from './explainS3Failure.ts';
import { type CopySizes, moveS3Object } from './moveS3Object.ts';
import { openS3BlobBatch } from './openS3BlobBatch.ts';
import { probeBucket } from './probeBucket.ts';

export interface S3Options {
  /** Default: where AWS programs find theirs. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
  copySizes?: CopySizes;
  /** Keys in one page of a list. */
  pageKeys?: number;
}

const connectMs = 5_000;
const silentMs = 60_000;
/** Parts of an upload; each stream holds two of them. S3 takes 10,000, so a longer one has longer parts. */
const partBytes = 8 * 2 ** 20;
const mostParts = 10_000;
const partsAtOnce = 2;
const defaultCopySizes: CopySizes = { whole: 5 * 2 ** 30, part: 2 ** 30 };

function openClient({ region, endpoint, isPathStyle }: S3Target, { credentials }: S3Options): S3Client {
  return new S3Client({
    region,
    forcePathStyle: isPathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials ? { credentials } : {}),
    requestHandler: { connectionTimeout: connectMs, socketTimeout: silentMs },
    // Else signed URLs carry the checksum of an empty body, and not all stores know these headers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

const isBeyondEnd = (error: unknown) => error instanceof S3ServiceException && error.name === 'InvalidRange';

/** Stores a stream as one object or, a long one, in parts; leaves nothing when it fails. */
async function putObject(
  client: S3Client,
  target: { Bucket: string; Key: string },
  content: Readable,
  size = 0,
): Promise<void> {
  const partSize = Math.max(partBytes, Math.ceil(size / mostParts));
  const upload = new Upload({
    client,
    params: { ...target, Body: content },
    partSize,
    queueSize: partsAtOnce,
  });
  try {
    await upload.done();
  } catch (error) {
    content.destroy();
    // The library does so itself, but not when it is the last step that failed.
    if (upload.uploadId !== undefined)
      await client
        .send(new AbortMultipartUploadCommand({ ...target, UploadId: upload.uploadId }))
        .catch(() => {});
    throw error;
  }
}

/**
 * Objects in a bucket of S3, or of a store that speaks its protocol. Every blob is an object of its own.
 * @throws STORAGE_REFUSED when the bucket cannot be listed, written, read or deleted from
 */
export async function openS3Storage(
  target: S3Target,
  options: S3Options = {},
): Promise<{ storage: Storage; close: () => void }> {
  const { bucket, prefix } = target;
  const client = openClient(target, options);
  const copySizes = options.copySizes ?? defaultCopySizes;

  function locate(key: string): { Bucket: string; Key: string } {
    checkKey(key);
    return { Bucket: bucket, Key: `${prefix}${key}` };
  }

  async function read(key: string, Range?: string): Promise<{ body: Readable; size: number }> {
    const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ ...locate(key), Range }));
    if (!(Body instanceof Readable)) throw new TypeError('the object store gave no stream');
    return { body: Body, size: ContentLength };
  }

  async function putStream(
    key: string,
    content: AsyncIterable<Uint8Array>,
    checks: { size?: number; signal?: AbortSignal } = {},
  ): Promise<StoredObject> {
    const source: { size: number; failure?: { error: unknown } } = { size: 0 };
    async function* watch(): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of checkBytes(content, checks)) {
          source.size += chunk.length;
          yield chunk;
        }
      } catch (error) {
        source.failure = { error };
        throw error;
      }
    }
    try {
      await putObject(client, locate(key), Readable.from(watch(), { objectMode: false }), checks.size);
    } catch (error) {
      // What went wrong first; that its parts could not be removed then comes second.
      if (source.failure) throw source.failure.error;
      return explainS3Failure(error);
    }
    return { key, size: source.size };
  }

  async function getRange(key: string, start: number, end: number): Promise<Readable> {
    checkRange(start, end);
    try {
      return (await read(key, `bytes=${start}-${end}`)).body;
    } catch (error) {
      return isBeyondEnd(error) ? Readable.from([]) : explainS3Failure(error);
    }
  }

  async function getBuffer(key: string, maxBytes: number): Promise<Buffer> {
    try {
      const { body, size } = await read(key);
      if (size > maxBytes) {
        body.destroy();
        throw new RangeError(`${key} has ${size} bytes, more than ${maxBytes}`);
      }
      return Buffer.concat(await body.toArray());
    } catch (error) {
      return explainS3Failure(error);
    }
  }

  async function head(key: string): Promise<{ size: number } | null> {
    try {
      return { size: (await client.send(new HeadObjectCommand(locate(key)))).ContentLength ?? 0 };
    } catch (error) {
      return isNoSuchKey(error) ? null : explainS3Failure(error);
    }
  }

  async function* list(start: string): AsyncGenerator<StoredObject> {
    let ContinuationToken: string | undefined;
    do {
      const page = await client
        .send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: `${prefix}${start}`,
            MaxKeys: options.pageKeys ?? 1000,
            ContinuationToken,
          }),
        )
        .catch(explainS3Failure);
      for (const { Key = '', Size = 0 } of page.Contents ?? [])
        yield { key: Key.slice(prefix.length), size: Size };
      ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
  }

  async function signGet(key: string, wanted: SignGetOptions): Promise<string> {
    checkSigning(wanted);
    const { contentType, disposition, filename = key.slice(key.lastIndexOf('/') + 1) } = wanted;
    const command = new GetObjectCommand({
      ...locate(key),
      ResponseContentType: contentType,
      ResponseContentDisposition: writeDisposition(disposition, filename),
    });
    return getSignedUrl(client, command, { expiresIn: wanted.expiresInSeconds }).catch(explainS3Failure);
  }

  async function signPut(key: string, wanted: SignPutOptions): Promise<SignedPut> {
    checkSigning(wanted);
    const { contentType, size, expiresInSeconds } = wanted;
    const command = new PutObjectCommand({ ...locate(key), ContentType: contentType, ContentLength: size });
    const url = await getSignedUrl(client, command, {
      expiresIn: expiresInSeconds,
      signableHeaders: new Set(['host', 'content-type', 'content-length']),
    }).catch(explainS3Failure);
    return { url, method: 'PUT', headers: { 'content-type': contentType } };
  }

  const storage: Storage = {
    putStream,
    openBlobBatch: async () => openS3BlobBatch(client, { bucket, prefix }),
    async putBlobs(blobs) {
      await using batch = openS3BlobBatch(client, { bucket, prefix });
      for await (const { sha256, bytes } of blobs) {
        const room = batch.put(sha256, bytes);
        if (room) await room;
      }
      return await batch.commit();
    },
    getStream: async (key) => (await read(key).catch(explainS3Failure)).body,
    getRange,
    getBuffer,
    head,
    async delete(key) {
      await client.send(new DeleteObjectCommand(locate(key))).catch(explainS3Failure);
    },
    async move(from, to) {
      const keys = { bucket, from: locate(from).Key, to: locate(to).Key };
      await moveS3Object(client, keys, copySizes).catch(explainS3Failure);
    },
    signGet,
    signPut,
    list(start) {
      checkPrefix(start);
      return list(start);
    },
  };
  try {
    await probeBucket(client, target);
  } catch (error) {
    client.destroy();
    throw error;
  }
  return { storage, close: () => client.destroy() };
}
