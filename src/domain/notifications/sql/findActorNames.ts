import type { EntityManager } from '@mikro-orm/postgresql';

const sql = 'select id, name from actors where id = any(?::uuid[])';

/** Display names by id. */
export async function findActorNames(
  em: EntityManager,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows: { id: string; name: string }[] = await em.execute(sql, [`{${ids.join(',')}}`]);
  return new Map(rows.map((row) => [row.id, row.name]));
}
