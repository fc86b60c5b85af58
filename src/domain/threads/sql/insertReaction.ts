import type { EntityManager } from '@mikro-orm/postgresql';

/** By SQL, not through the unit of work: two clicks at once are one reaction and no error. */
const sql = `
insert into comment_reactions (comment_id, actor_id, emoji) values (?, ?, ?)
on conflict do nothing returning emoji`;

/** @returns false when the actor had given this emoji already. */
export async function insertReaction(
  em: EntityManager,
  reaction: { commentId: string; actorId: string; emoji: string },
): Promise<boolean> {
  const rows: unknown[] = await em.execute(sql, [reaction.commentId, reaction.actorId, reaction.emoji]);
  return rows.length > 0;
}
