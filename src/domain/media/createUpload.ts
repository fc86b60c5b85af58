import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { MediaFile, type MediaType } from '../../entities/media/MediaFile.ts';
import { fail } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import { viewMedia } from '../../views/media.ts';
import type { Settings } from '../../settings.ts';
import { findMedia } from './findMedia.ts';
import { findFormat } from './formats.ts';
import { mediaKey } from './mediaKeys.ts';
import { mostSubtitleBytes } from './readSubtitles.ts';
import { lockUsage } from './sql/readUsage.ts';

export interface NewUpload {
  id?: string | undefined;
  projectId: string;
  name: string;
  /** Left out: what the content type is. */
  mediaType?: MediaType | undefined;
  contentType: string;
  /** In bytes. */
  size: number;
  derivedFrom?: string | undefined;
}

type Limits = Pick<Settings, 'MEDIA_MAX_BYTES' | 'MEDIA_QUOTA_BYTES' | 'MEDIA_UPLOAD_HOURS'>;

/**
 * Announces a file whose bytes are to come, and sets room for them aside.
 * @throws MEDIA_FORMAT_UNKNOWN, MEDIA_TOO_LARGE, MEDIA_QUOTA_EXCEEDED; NOT_FOUND when it is made from a file that
 *   the project does not have.
 */
export async function createUpload(
  em: EntityManager,
  actor: { id: string },
  upload: NewUpload,
  limits: Limits,
): Promise<MediaFile> {
  const { projectId, contentType, size, derivedFrom } = upload;
  const { mediaType } = findFormat(contentType, upload.mediaType);
  const limit =
    mediaType === 'subtitle' ? Math.min(limits.MEDIA_MAX_BYTES, mostSubtitleBytes) : limits.MEDIA_MAX_BYTES;
  if (size > limit) fail('MEDIA_TOO_LARGE', { size, limit });
  // An id of its own choice does not make a file its own origin: it is not there yet.
  if (derivedFrom) await findMedia(em, { projectId, mediaId: derivedFrom });
  const used = await lockUsage(em, projectId);
  const quota = limits.MEDIA_QUOTA_BYTES;
  if (used + size > quota) fail('MEDIA_QUOTA_EXCEEDED', { quota, used, size });
  const id = upload.id ?? uuidv7();
  const media = em.create(MediaFile, {
    id,
    projectId,
    userId: actor.id,
    name: upload.name,
    s3Key: mediaKey(projectId, id),
    mediaType,
    mimetype: contentType,
    sizeBytes: size,
    derivedFrom: derivedFrom ?? null,
    status: 'uploading',
    uploadExpiresAt: new Date(Date.now() + limits.MEDIA_UPLOAD_HOURS * 3_600_000),
  });
  emit(em, `project:${projectId}`, 'media.created', () => viewMedia(media));
  return media;
}
