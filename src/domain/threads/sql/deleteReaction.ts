import type { EntityManager } from '@mikro-orm/postgresql';

const sql =
  'delete from comment_reactions where comment_id = ? and actor_id = ? and emoji = ? returning emoji';

/** @returns false when there was no such reaction. */
export async function deleteReaction(
  em: EntityManager,
  reaction: { commentId: string; actorId: string; emoji: string },
): Promise<boolean> {
  const rows: unknown[] = await em.execute(sql, [reaction.commentId, reaction.actorId, reaction.emoji]);
  return rows.length > 0;
}
