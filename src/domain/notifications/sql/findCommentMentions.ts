import type { EntityManager } from '@mikro-orm/postgresql';

export interface CommentMentions {
  commentId: string;
  title: string | null;
  filePath: string | null;
  lineStart: number | null;
  subjectType: string | null;
  /** Who is mentioned and has not muted the thread; `at` in milliseconds since 1970. */
  mentions: { actorId: string; at: number }[];
}

const sql = `
select c.id as "commentId", t.title, t.file_path as "filePath", t.line_start as "lineStart", t.subject_type as "subjectType",
  coalesce((
    select jsonb_agg(jsonb_build_object('actorId', m.actor_id, 'at', (extract(epoch from m.created_at) * 1000)::float8))
    from comment_mentions m
    where m.comment_id = c.id and not exists (
      select from thread_subscriptions s where s.thread_id = t.id and s.actor_id = m.actor_id and s.state = 'muted'
    )
  ), '[]') as mentions
from comments c
join comment_threads t on t.id = c.thread_id
where c.id = any(?::uuid[]) and c.deleted_at is null and t.deleted_at is null`;

/** Comments that are still there, each with what its thread stands on and who is mentioned in it. */
export async function findCommentMentions(
  em: EntityManager,
  commentIds: readonly string[],
): Promise<CommentMentions[]> {
  return commentIds.length === 0 ? [] : em.execute(sql, [`{${commentIds.join(',')}}`]);
}
