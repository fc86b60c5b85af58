import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Reading never goes back. Up to the newest comment that is there, not up to now: a comment that commits
 * this instant was not seen.
 */
const sql = `
insert into thread_reads as r (thread_id, actor_id, read_up_to)
select c.thread_id, ?::uuid, max(c.created_at) from comments c
where c.thread_id = ? and c.deleted_at is null and (?::uuid is null or c.id = ?::uuid)
group by c.thread_id
on conflict (thread_id, actor_id) do update set read_up_to = greatest(r.read_up_to, excluded.read_up_to)
returning (extract(epoch from read_up_to) * 1000)::float8 as milliseconds`;

/**
 * Records how far an actor has read a thread.
 * @param read.commentId the last comment seen; null: all that are there.
 * @returns undefined when the thread has no such comment.
 */
export async function putThreadRead(
  em: EntityManager,
  read: { threadId: string; actorId: string; commentId: string | null },
): Promise<Date | undefined> {
  const { threadId, actorId, commentId } = read;
  const rows: { milliseconds: number }[] = await em.execute(sql, [actorId, threadId, commentId, commentId]);
  return rows[0] && new Date(rows[0].milliseconds);
}
