import type { EntityManager } from '@mikro-orm/postgresql';

/** Which of a person's notifications: some, all about one subject, or all. */
export type Which = { ids: readonly string[] } | { subject: string } | 'all';

const compose = (condition: string) =>
  `update notifications set read_at = now() where user_id = ? and read_at is null${condition} returning id, read_at`;
const someSql = compose(' and id = any(?::uuid[])');
const subjectSql = compose(' and subject = ?');
const allSql = compose('');

/** What was unread until now, and when it was read; one moment for all of it. */
export interface Marked {
  ids: string[];
  readAt: Date;
}

/** @returns undefined when none of them was unread. */
export async function markRead(em: EntityManager, userId: string, which: Which): Promise<Marked | undefined> {
  const rows: { id: string; read_at: string | Date }[] =
    which === 'all'
      ? await em.execute(allSql, [userId])
      : 'ids' in which
        ? await em.execute(someSql, [userId, `{${which.ids.join(',')}}`])
        : await em.execute(subjectSql, [userId, which.subject]);
  const [first] = rows;
  return first && { ids: rows.map((row) => row.id), readAt: new Date(first.read_at) };
}
