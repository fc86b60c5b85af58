import type pg from 'pg';
import type { CommentView } from '../threads.ts';
import { type CommentRow, commentColumns, toCommentView } from './commentRow.ts';
import { after, before } from './keyset.ts';

/** The thread is the left side, so that a thread without comments can be told from none at all. */
const compose = (further: '<' | '>', direction: '' | ' desc') => `
select ${commentColumns}
from comment_threads t
left join lateral (
  select * from comments
  where thread_id = t.id and deleted_at is null and (created_at, id) ${further} ($3, $4)
  order by created_at${direction}, id${direction} limit $5
) c on true
left join actors a on a.id = c.author_id
where t.id = $1 and t.project_id = $2 and t.deleted_at is null
order by c.created_at${direction}, c.id${direction}`;
const oldestFirst = compose('>', '');
const newestFirst = compose('<', ' desc');

/**
 * Up to `limit` comments of a thread from a position on, oldest or newest first, with authors and reactions.
 * @returns undefined when the project has no such thread.
 */
export async function listComments(
  reads: pg.Pool,
  of: {
    projectId: string;
    threadId: string;
    newestFirst?: boolean;
    position: { createdAt: Date; id: string } | null;
    limit: number;
  },
): Promise<CommentView[] | undefined> {
  const { rows } = await reads.query<CommentRow | { id: null }>({
    name: of.newestFirst ? 'list comments backwards' : 'list comments',
    text: of.newestFirst ? newestFirst : oldestFirst,
    values: [of.threadId, of.projectId, ...(of.newestFirst ? before : after)(of.position), of.limit],
  });
  if (rows.length === 0) return undefined;
  return rows.filter((row): row is CommentRow => row.id !== null).map(toCommentView);
}
