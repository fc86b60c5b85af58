import type { EntityManager } from '@mikro-orm/postgresql';

const sql = 'select seq from streams where stream = ? for update';

/**
 * Lets no event into a person's stream before this transaction's own: a notification is then either there to
 * be marked, or comes after the event that says so. A statement of its own, because what follows must see
 * what committed while this waited.
 */
export async function lockInbox(em: EntityManager, userId: string): Promise<void> {
  await em.execute(sql, [`user:${userId}`]);
}
