import type pg from 'pg';
import type { Storage } from '../../drivers/storage/Storage.ts';
import { type TesseraError, fail } from '../../errors.ts';
import type { StoredMedia } from '../../views/sql/media/readMedia.ts';
import { findFormat } from './formats.ts';
import { putKey } from './mediaKeys.ts';
import { judgeBeginning, sniffedBytes } from './sniff.ts';
import { UploadLease } from './UploadLease.ts';
import { findParts, readParts } from './uploadParts.ts';

/** How long a request that still writes is given to let go. */
const waitMs = 5_000;

async function readHead(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    read.push(chunk);
    size += chunk.length;
    if (size >= sniffedBytes) break;
  }
  return Buffer.concat(read).subarray(0, sniffedBytes);
}

/** The first bytes of the file, from a place where nobody can change them any more. @throws MEDIA_UPLOAD_INCOMPLETE */
async function secureBytes(storage: Storage, media: StoredMedia): Promise<Buffer> {
  const size = media.sizeBytes ?? 0;
  const isWhole = async (key: string) => (await storage.head(key))?.size === size;
  if (!(await isWhole(media.s3Key)) && (await isWhole(putKey(media.id))))
    await storage.move(putKey(media.id), media.s3Key);
  if (await isWhole(media.s3Key))
    return readHead(await storage.getRange(media.s3Key, 0, Math.min(size, sniffedBytes) - 1));
  const parts = await findParts(storage, media.id);
  if (parts.offset !== size) fail('MEDIA_UPLOAD_INCOMPLETE', { received: parts.offset, size });
  return readHead(readParts(storage, parts.keys));
}

/**
 * Takes what was uploaded out of reach of its URLs, looks at its beginning, and lets `conclude` write what came of it
 * while no other request can upload or complete the file.
 * @param conclude is given what speaks against the file, null when nothing does.
 * @throws MEDIA_UPLOAD_BUSY, MEDIA_UPLOAD_INCOMPLETE
 */
export async function receiveUpload<T>(
  { reads, storage }: { reads: pg.Pool; storage: Storage },
  media: StoredMedia,
  conclude: (fault: TesseraError | null) => Promise<T>,
): Promise<T> {
  const lease = new UploadLease(reads, media.id);
  if (!(await lease.take({ waitMs }))) fail('MEDIA_UPLOAD_BUSY');
  try {
    const contentType = media.mimetype ?? '';
    const head = await secureBytes(storage, media);
    return await conclude(await judgeBeginning(head, { contentType, format: findFormat(contentType) }));
  } finally {
    await lease.release();
  }
}
