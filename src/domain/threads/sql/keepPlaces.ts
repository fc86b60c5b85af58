import type { EntityManager } from '@mikro-orm/postgresql';
import type { StalePlace } from './findStalePlaces.ts';

/** One statement for all threads of all unchanged files; `updated_at` says when a thread changed, so it stays. */
const sql = `
update comment_threads t set placed_version = ?
from jsonb_to_recordset(?::jsonb) as same ("placedVersion" int, "filePath" text)
where t.project_id = ? and t.deleted_at is null and t.placement <> 'gone'
  and t.file_path = same."filePath" and t.placed_version = same."placedVersion"
returning t.id`;

/** Carries the threads of unchanged files over to a version. @returns how many there were. */
export async function keepPlaces(
  em: EntityManager,
  projectId: string,
  version: number,
  unchanged: StalePlace[],
): Promise<number> {
  const rows: unknown[] = await em.execute(sql, [version, JSON.stringify(unchanged), projectId]);
  return rows.length;
}
