import type { EntityManager } from '@mikro-orm/postgresql';

/** By SQL, not through the unit of work: two clicks at once are one star and no error. */
const insert = `
insert into stars (user_id, project_id) values (?, ?) on conflict do nothing returning true as "isNew"`;
const read = `
select (extract(epoch from created_at) * 1000)::float8 as "createdMs" from stars where user_id = ? and project_id = ?`;

/** @returns when the star was given, and whether that is now. */
export async function putStar(
  em: EntityManager,
  key: { userId: string; projectId: string },
): Promise<{ isNew: boolean; createdAt: Date }> {
  const values = [key.userId, key.projectId];
  const inserted: unknown[] = await em.execute(insert, values);
  const rows: { createdMs: number }[] = await em.execute(read, values);
  return { isNew: inserted.length > 0, createdAt: new Date(rows[0]?.createdMs ?? Date.now()) };
}
