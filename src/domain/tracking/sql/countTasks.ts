import type { EntityManager } from '@mikro-orm/postgresql';

const sql =
  'select count(*)::int as count from tasks where id = any(?::uuid[]) and project_id = ? and deleted_at is null';

/** How many of these tasks the project has. */
export async function countTasks(
  em: EntityManager,
  projectId: string,
  ids: readonly string[],
): Promise<number> {
  const rows: { count: number }[] = await em.execute(sql, [`{${ids.join(',')}}`, projectId]);
  return rows[0]?.count ?? 0;
}
