import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
update comment_threads t set placed_version = ?
from jsonb_to_recordset(?::jsonb) as p (id uuid, "fromVersion" int)
where t.id = p.id and t.placed_version = p."fromVersion" and t.deleted_at is null
returning t.id`;

/** Carries threads over to a version in which they stand where they stood. @returns how many there were. */
export async function bumpPlaces(
  em: EntityManager,
  version: number,
  threads: { id: string; fromVersion: number }[],
): Promise<number> {
  const rows: unknown[] = await em.execute(sql, [version, JSON.stringify(threads)]);
  return rows.length;
}
