import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
select c.thread_id from comments c
join comment_threads t on t.id = c.thread_id
where c.id = ? and t.project_id = ? and c.deleted_at is null and t.deleted_at is null
for no key update of c`;

/**
 * The thread of a comment of the project; undefined when there is no such comment, or either is deleted. The
 * comment's row is held until the end of the transaction: what is under it changes one after the other.
 */
export async function findCommentThread(
  em: EntityManager,
  projectId: string,
  commentId: string,
): Promise<string | undefined> {
  const rows: { thread_id: string }[] = await em.execute(sql, [commentId, projectId]);
  return rows[0]?.thread_id;
}
