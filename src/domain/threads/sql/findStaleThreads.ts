import type { EntityManager } from '@mikro-orm/postgresql';
import type { PlacedThread } from '../placeThread.ts';

export interface StaleThread extends PlacedThread {
  id: string;
}

/** By file, so that its texts are read and compared once; threads that were placed drop out by themselves. */
const sql = `
select id, anchor, placement, file_path as "filePath", line_start as "lineStart", line_end as "lineEnd",
  placed_version as "placedVersion"
from comment_threads
where project_id = ? and deleted_at is null and placed_version < ?
order by file_path, anchor ->> 'sha256', id
limit ?`;

/** Threads that were last placed in a version before this one. */
export async function findStaleThreads(
  em: EntityManager,
  projectId: string,
  version: number,
  limit: number,
): Promise<StaleThread[]> {
  return em.execute(sql, [projectId, version, limit]);
}
