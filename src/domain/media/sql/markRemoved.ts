import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

/** Not through the entity: nobody is shown it, so nothing of what is shown changes. */
const mark = 'update media_files set bytes_removed_at = now() where id = $1';
const markDeleted = `
update media_files set bytes_removed_at = now(), deleted_at = coalesce(deleted_at, now()) where id = $1`;

/** Says that the bytes of a file are gone, and count no more. */
export async function markRemoved(em: EntityManager, id: string): Promise<void> {
  await executePrepared(em, mark, [id]);
}

/** The same of a file that goes with its project: were that restored now, the file would stay deleted. */
export async function markPurged(em: EntityManager, id: string): Promise<void> {
  await executePrepared(em, markDeleted, [id]);
}
