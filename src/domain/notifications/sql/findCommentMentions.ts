import type { EntityManager } from '@mikro-orm/postgresql';

export interface CommentMentions {
  commentId: string;
  title: string | null;
  filePath: string | null;
  lineStart: number | null;
  subjectType: string | null;
  /** Of the issue, task, milestone or semantic pattern that the thread stands on. */
  subjectTitle: string | null;
  /** Who is mentioned and has not muted the thread; `at` in milliseconds since 1970. */
  mentions: { actorId: string; at: number }[];
}

const sql = `
select c.id as "commentId", t.title, t.file_path as "filePath", t.line_start as "lineStart", t.subject_type as "subjectType",
  case t.subject_type
    when 'issue' then (select title from issues where id = t.subject_id)
    when 'task' then (select title from tasks where id = t.subject_id)
    when 'milestone' then (select title from milestones where id = t.subject_id)
    when 'category' then (select name from categories where id = t.subject_id)
    when 'field' then (select name from fields where id = t.subject_id)
    when 'model' then (select name from models where id = t.subject_id)
    when 'collection' then (select name from collections where id = t.subject_id)
    when 'ontology' then (select name from ontologies where id = t.subject_id)
    when 'vocabulary' then (select name from vocabularies where id = t.subject_id)
  end as "subjectTitle",
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
