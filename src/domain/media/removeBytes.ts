import type { Storage } from '../../drivers/storage/Storage.ts';
import { uploadPrefix } from './mediaKeys.ts';

/** Removes what was uploaded and is not part of the file: parts, and what a URL that was still valid stored later. */
export async function removeUpload(storage: Storage, mediaId: string): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of storage.list(uploadPrefix(mediaId))) keys.push(key);
  for (const key of keys) await storage.delete(key);
}

/** Removes every byte of a file; doing it again does no harm. */
export async function removeBytes(storage: Storage, media: { id: string; s3Key: string }): Promise<void> {
  await storage.delete(media.s3Key);
  await removeUpload(storage, media.id);
}
