import type { EntityManager } from '@mikro-orm/postgresql';

/** `for no key update`: who refers to the issue holds its key, and is not to be waited for. */
const sql = 'select id from issues where id = ? and project_id = ? for no key update';

/** Holds an issue's row until the end of the transaction. @returns whether the project has the issue, deleted or not. */
export async function lockIssue(em: EntityManager, projectId: string, id: string): Promise<boolean> {
  const rows: unknown[] = await em.execute(sql, [id, projectId]);
  return rows.length > 0;
}
