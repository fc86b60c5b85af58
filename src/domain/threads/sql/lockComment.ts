import type { EntityManager } from '@mikro-orm/postgresql';

/** The row of the comment only: its thread's is left to others. */
const sql = `
select c.id from comments c
join comment_threads t on t.id = c.thread_id
where c.id = ? and t.project_id = ? and c.deleted_at is null and t.deleted_at is null
for no key update of c`;

/**
 * Holds a comment's row until the end of the transaction.
 * @returns whether the project has such a comment, neither it nor its thread deleted.
 */
export async function lockComment(em: EntityManager, projectId: string, id: string): Promise<boolean> {
  const rows: unknown[] = await em.execute(sql, [id, projectId]);
  return rows.length > 0;
}
