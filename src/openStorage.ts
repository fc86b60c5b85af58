import { join } from 'node:path';
import type { SecretBox } from './drivers/secrets/SecretBox.ts';
import { type FileStorage, openFileStorage } from './drivers/storage/openFileStorage.ts';
import type { Storage } from './drivers/storage/Storage.ts';
import { UrlSigner } from './drivers/storage/UrlSigner.ts';
import type { Settings } from './settings.ts';

/** Below which path the server answers the URLs of stored files. */
export const storagePath = '/storage/';

/** What the server needs to answer these URLs. */
export interface StorageDoor {
  storage: FileStorage;
  signer: UrlSigner;
}

/**
 * Opens the storage that the settings name: a bucket, or files in DATA_DIR.
 * @param publicUrl where people reach the server; asked for each URL that is signed.
 * @throws STORAGE_REFUSED when the bucket cannot be used as it must be
 */
export async function openStorage(
  settings: Settings,
  secrets: SecretBox,
  publicUrl: () => string,
): Promise<{ storage: Storage; door: StorageDoor | null; close: () => void }> {
  if (settings.STORAGE_URL) {
    const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = settings;
    // Loaded only where it is used: it is as large as all the rest.
    const { openS3Storage } = await import('./drivers/storage/s3/openS3Storage.ts');
    const credentials = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
    const { storage, close } = await openS3Storage(settings.STORAGE_URL, { credentials });
    return { storage, door: null, close };
  }
  const signer = new UrlSigner(secrets.deriveKeys('storage urls'));
  const address = () => `${publicUrl()}${storagePath.slice(0, -1)}`;
  const storage = await openFileStorage(join(settings.DATA_DIR, 'storage'), { signer, address });
  return { storage, door: { storage, signer }, close: () => {} };
}
