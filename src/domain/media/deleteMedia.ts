import type { EntityManager } from '@mikro-orm/postgresql';
import type { MediaFile } from '../../entities/media/MediaFile.ts';
import { fail } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import { viewMedia } from '../../views/media.ts';
import { type MediaPlace, findMedia } from './findMedia.ts';

const dayMs = 86_400_000;

/** Deletes softly; an upload under way ends, and can not be taken back. @throws NOT_FOUND */
export async function deleteMedia(em: EntityManager, place: MediaPlace): Promise<MediaFile> {
  const media = await findMedia(em, place);
  media.deletedAt = new Date();
  emit(em, `project:${place.projectId}`, 'media.deleted', () => viewMedia(media));
  return media;
}

/**
 * Takes a deleted file back; one that was not deleted stays as it is.
 * @param retentionDays later than so many days after it was deleted, it may be half removed.
 * @throws NOT_FOUND; MEDIA_BYTES_GONE when only its record is left.
 */
export async function restoreMedia(
  em: EntityManager,
  place: MediaPlace,
  retentionDays: number,
): Promise<MediaFile> {
  const media = await findMedia(em, place, { isDeletedFound: true });
  if (!media.deletedAt) return media;
  if (media.deletedAt.getTime() < Date.now() - retentionDays * dayMs)
    fail('NOT_FOUND', { thing: 'media file' });
  if (media.bytesRemovedAt || media.status === 'uploading') fail('MEDIA_BYTES_GONE');
  media.deletedAt = null;
  emit(em, `project:${place.projectId}`, 'media.restored', () => viewMedia(media));
  return media;
}
