import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

const sql =
  'select deleted_at is not null as is_deleted from comment_threads where id = $1 and project_id = $2';

/**
 * Whether the project's thread is there to be written in; undefined when the project has no such thread.
 * Without the entity: adding a comment is the most frequent change of all, and changes nothing of the thread.
 */
export async function findThreadState(
  em: EntityManager,
  projectId: string,
  id: string,
): Promise<{ isDeleted: boolean } | undefined> {
  const rows = await executePrepared<{ is_deleted: boolean }>(em, sql, [id, projectId]);
  return rows[0] && { isDeleted: rows[0].is_deleted };
}
