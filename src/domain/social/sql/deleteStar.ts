import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
delete from stars where user_id = ? and project_id = ?
returning (extract(epoch from created_at) * 1000)::float8 as "createdMs"`;

/** @returns when the star had been given; undefined when there was none. */
export async function deleteStar(
  em: EntityManager,
  key: { userId: string; projectId: string },
): Promise<Date | undefined> {
  const rows: { createdMs: number }[] = await em.execute(sql, [key.userId, key.projectId]);
  return rows[0] && new Date(rows[0].createdMs);
}
