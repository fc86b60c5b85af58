import type { EntityManager } from '@mikro-orm/postgresql';
import type { MediaFile } from '../../entities/media/MediaFile.ts';
import type { TesseraError } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import { viewMedia } from '../../views/media.ts';
import { type MediaPlace, findMedia } from './findMedia.ts';

/** Says that a file can not be used, and why; one that is ready, or failed before, stays as it is. @throws NOT_FOUND */
export async function refuseMedia(
  em: EntityManager,
  place: MediaPlace,
  { errorCode, message }: TesseraError,
): Promise<MediaFile> {
  const media = await findMedia(em, place);
  const isKnown = media.status === 'failed' && (media.errorCode === errorCode || media.bytesRemovedAt);
  if (media.status === 'ready' || isKnown) return media;
  media.refuse(errorCode, message);
  emit(em, `project:${place.projectId}`, 'media.failed', () => viewMedia(media));
  return media;
}
