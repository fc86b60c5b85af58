import type { EntityManager } from '@mikro-orm/postgresql';

/** Titles of tasks by id, deleted ones too. */
export async function findTaskTitles(
  em: EntityManager,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows: { id: string; title: string }[] = await em.execute(
    'select id, title from tasks where id = any(?::uuid[])',
    [`{${ids.join(',')}}`],
  );
  return new Map(rows.map((row) => [row.id, row.title]));
}
