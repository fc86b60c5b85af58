import type { EntityManager } from '@mikro-orm/postgresql';
import type { MediaFile } from '../../entities/media/MediaFile.ts';
import { emit } from '../../events/emit.ts';
import { viewMedia } from '../../views/media.ts';
import { type MediaPlace, findMedia } from './findMedia.ts';

/** Gives a file another name; nothing is said when it has it already. @throws NOT_FOUND */
export async function renameMedia(em: EntityManager, place: MediaPlace, name: string): Promise<MediaFile> {
  const media = await findMedia(em, place);
  if (media.name === name) return media;
  media.name = name;
  emit(em, `project:${place.projectId}`, 'media.updated', () => viewMedia(media));
  return media;
}
