import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { MediaFile } from '../../entities/media/MediaFile.ts';
import { fail } from '../../errors.ts';

export interface MediaPlace {
  projectId: string;
  mediaId: string;
}

/**
 * A media file of the project, to be changed: nobody else changes it until the transaction is over.
 * @param options.isDeletedFound finds it even when it is deleted, to restore it.
 * @throws NOT_FOUND
 */
export async function findMedia(
  em: EntityManager,
  { projectId, mediaId }: MediaPlace,
  { isDeletedFound = false } = {},
): Promise<MediaFile> {
  const media = await em.findOne(
    MediaFile,
    { id: mediaId, projectId },
    { filters: { notDeleted: !isDeletedFound }, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  return media ?? fail('NOT_FOUND', { thing: 'media file' });
}
