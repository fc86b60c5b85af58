import type pg from 'pg';
import type { IssueMention } from '../social.ts';
import { actorJson } from './actorJson.ts';

/** Of comments as many characters as a line of a list shows. */
const text = `
select
  case when s.id is not null then jsonb_build_object('id', s.id, 'number', s.number, 'title', s.title, 'state', s.state) end as issue,
  case when t.id is not null then jsonb_build_object('id', c.id, 'threadId', t.id, 'excerpt', left(c.body, 300)) end as comment,
  ${actorJson('a')} as author, r.created_at as "createdAt"
from issue_references r
left join issues s on s.id = r.source_issue_id and s.deleted_at is null
left join comments c on $2 and c.id = r.source_comment_id and c.deleted_at is null
left join comment_threads t on t.id = c.thread_id and t.deleted_at is null
left join actors a on a.id = coalesce(s.author_id, c.author_id)
where r.issue_id = $1 and (s.id is not null or t.id is not null)
order by r.created_at desc, r.id desc
limit 100`;

/**
 * What names an issue, newest first, at most a hundred; nothing that is deleted.
 * @param withComments whether the reader may see comments.
 */
export async function listIssueMentions(
  reads: pg.Pool,
  issueId: string,
  withComments: boolean,
): Promise<IssueMention[]> {
  const values = [issueId, withComments];
  return (await reads.query<IssueMention>({ name: 'list issue mentions', text, values })).rows;
}
