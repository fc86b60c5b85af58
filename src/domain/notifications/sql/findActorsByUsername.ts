import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `select id, username from actors where username = any(?::text[]) and deleted_at is null`;

/** Ids by username; of usernames that nobody has, none. */
export async function findActorsByUsername(
  em: EntityManager,
  usernames: readonly string[],
): Promise<Map<string, string>> {
  if (usernames.length === 0) return new Map();
  const rows: { id: string; username: string }[] = await em.execute(sql, [`{${usernames.join(',')}}`]);
  return new Map(rows.map((row) => [row.username, row.id]));
}
