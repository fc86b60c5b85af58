import type { EntityManager } from '@mikro-orm/postgresql';

/** `for no key update`: who adds a dependency or a thread holds the key, and is not to be waited for. */
const sql = 'select id from tasks where id = ? and project_id = ? for no key update';

/** Holds a task's row until the end of the transaction. @returns whether the project has the task, deleted or not. */
export async function lockTask(em: EntityManager, projectId: string, id: string): Promise<boolean> {
  const rows: unknown[] = await em.execute(sql, [id, projectId]);
  return rows.length > 0;
}
