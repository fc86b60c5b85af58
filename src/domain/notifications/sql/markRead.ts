import type { EntityManager } from '@mikro-orm/postgresql';

/** Which of a person's notifications: some, all about one subject, or all. */
export type Which = { ids: readonly string[] } | { subject: string } | 'all';

const compose = (condition: string) =>
  `update notifications set read_at = now() where user_id = ? and read_at is null${condition} returning id`;
const someSql = compose(' and id = any(?::uuid[])');
const subjectSql = compose(' and subject = ?');
const allSql = compose('');

/** @returns ids of those that were unread until now. */
export async function markRead(em: EntityManager, userId: string, which: Which): Promise<string[]> {
  const rows: { id: string }[] =
    which === 'all'
      ? await em.execute(allSql, [userId])
      : 'ids' in which
        ? await em.execute(someSql, [userId, `{${which.ids.join(',')}}`])
        : await em.execute(subjectSql, [userId, which.subject]);
  return rows.map((row) => row.id);
}
