import type pg from 'pg';
import type { CommentView, ThreadView } from '../threads.ts';
import { type CommentRow, commentColumns, toCommentView } from './commentRow.ts';
import { type ThreadFilter, filterThreads } from './threadFilter.ts';
import { type ThreadRow, threadColumns, toThreadView } from './threadRow.ts';

/** Threads of a snapshot, and comments of each; the rest is read by `threads.list` and `comments.list`. */
const most = 50;

/** What `threads.watch` begins with. */
export interface ThreadsSnapshot {
  /** Newest first; comments oldest first. */
  threads: { thread: ThreadView; comments: CommentView[]; hasEarlierComments: boolean }[];
  hasMoreThreads: boolean;
}

const composeThreads = (conditions: string) => `
select ${threadColumns}
from comment_threads t
left join actors a on a.id = t.author_id
where t.project_id = $1 and t.deleted_at is null${conditions}
order by t.created_at desc, t.id desc limit ${most + 1}`;

/** Fifty index scans that stop after 51 rows each: how long the threads are does not matter. */
const commentsText = `
select ${commentColumns}
from unnest($1::uuid[]) as t (id)
cross join lateral (
  select * from comments where thread_id = t.id and deleted_at is null order by created_at desc, id desc limit ${most + 1}
) c
left join actors a on a.id = c.author_id
order by c.created_at, c.id`;

/** The newest threads that the filter asks for, with the newest comments of each, as the client sees them. */
export async function readThreadsSnapshot(
  client: pg.ClientBase,
  projectId: string,
  filter: ThreadFilter,
): Promise<ThreadsSnapshot> {
  const { key, conditions, values } = filterThreads(filter, 2);
  const threads = await client.query<ThreadRow>({
    name: `snapshot of threads ${key}`,
    text: composeThreads(conditions),
    values: [projectId, ...values],
  });
  const shown = threads.rows.slice(0, most).map(toThreadView);
  const comments = await client.query<CommentRow>({
    name: 'snapshot of comments',
    text: commentsText,
    values: [shown.map((thread) => thread.id)],
  });
  const byThread = Map.groupBy(comments.rows.map(toCommentView), (comment) => comment.threadId);
  return {
    threads: shown.map((thread) => {
      const known = byThread.get(thread.id) ?? [];
      return { thread, comments: known.slice(-most), hasEarlierComments: known.length > most };
    }),
    hasMoreThreads: threads.rows.length > most,
  };
}
