import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Holds a thread's row until the end of the transaction. `for no key update`, because comments being added
 * hold its key (their foreign key does): with `for update` a busy thread could never be resolved.
 */
const sql = 'select id from comment_threads where id = ? and project_id = ? for no key update';

/** @returns whether the project has the thread, deleted or not. */
export async function lockThread(em: EntityManager, projectId: string, id: string): Promise<boolean> {
  const rows: unknown[] = await em.execute(sql, [id, projectId]);
  return rows.length > 0;
}
