import type { EntityManager } from '@mikro-orm/postgresql';

export interface StalePlace {
  placedVersion: number;
  filePath: string;
}

const sql = `
select distinct placed_version as "placedVersion", file_path as "filePath"
from comment_threads
where project_id = ? and deleted_at is null and placed_version < ? and placement <> 'gone'`;

/** Files in which threads stand that were last placed in a version before this one, not counting gone files. */
export async function findStalePlaces(
  em: EntityManager,
  projectId: string,
  version: number,
): Promise<StalePlace[]> {
  return em.execute(sql, [projectId, version]);
}
