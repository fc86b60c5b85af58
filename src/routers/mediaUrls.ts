import { UploadTokens } from '../domain/media/UploadTokens.ts';
import { putKey } from '../domain/media/mediaKeys.ts';
import type { SignedPut, Storage } from '../drivers/storage/Storage.ts';
import { fail } from '../errors.ts';
import type { StoredMedia } from '../views/sql/media/readMedia.ts';
import type { Context } from './context.ts';

const downloadSeconds = 3_600;
/** What S3 takes in one request. */
const mostInOnePut = 5 * 2 ** 30;

export interface UploadUrls {
  /** One request with the whole file; null for a file that is too large for one. */
  put: SignedPut | null;
  /** `url` is what tus clients call `uploadUrl`. */
  tus: { url: string };
  expiresAt: Date;
}

/** Two ways to send a file's bytes. @throws CONFLICT when they came already, or their time is over. */
export async function signUpload(
  { storage, secrets, publicUrl }: Pick<Context, 'storage' | 'secrets' | 'publicUrl'>,
  media: StoredMedia,
): Promise<UploadUrls> {
  const expiresAt = media.uploadExpiresAt;
  const seconds = expiresAt ? Math.floor((expiresAt.getTime() - Date.now()) / 1000) : 0;
  if (media.status !== 'uploading' || !expiresAt || seconds < 1)
    return fail('CONFLICT', { reason: `the upload is over: the file is ${media.status}` });
  const size = media.sizeBytes ?? 0;
  const contentType = media.mimetype ?? '';
  const put = { expiresInSeconds: seconds, contentType, size };
  const token = new UploadTokens(secrets).sign({ mediaId: media.id, expiresAt });
  return {
    put: size > mostInOnePut ? null : await storage.signPut(putKey(media.id), put),
    tus: { url: `${publicUrl}/tus/${token}` },
    expiresAt,
  };
}

export interface DownloadUrl {
  url: string;
  expiresAt: Date;
}

/** A URL that gives the file under its name. */
export async function signDownload(
  storage: Storage,
  media: Pick<StoredMedia, 's3Key' | 'name' | 'mimetype'>,
  disposition: 'attachment' | 'inline',
): Promise<DownloadUrl> {
  const expiresAt = new Date(Date.now() + downloadSeconds * 1000);
  const url = await storage.signGet(media.s3Key, {
    expiresInSeconds: downloadSeconds,
    contentType: media.mimetype ?? 'application/octet-stream',
    filename: media.name,
    disposition,
  });
  return { url, expiresAt };
}
