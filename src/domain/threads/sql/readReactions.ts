import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
select r.emoji || '|' || r.actor_id as pair from comment_reactions r
where r.comment_id = ? order by r.created_at, r.actor_id`;

/** The reactions to one comment as `emoji|actorId`, in the order in which they came. */
export async function readReactions(em: EntityManager, commentId: string): Promise<string[]> {
  const rows: { pair: string }[] = await em.execute(sql, [commentId]);
  return rows.map((row) => row.pair);
}
