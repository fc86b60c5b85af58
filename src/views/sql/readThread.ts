import type pg from 'pg';
import type { ThreadListItem } from '../threads.ts';
import { type ThreadListRow, threadColumns, threadCounts, toThreadListItem } from './threadRow.ts';

const text = `
select ${threadColumns}, ${threadCounts.columns}, s.state as subscription
from comment_threads t
left join actors a on a.id = t.author_id
left join thread_subscriptions s on s.thread_id = t.id and s.actor_id = $1::uuid${threadCounts.joins}
where t.id = $2 and t.project_id = $3 and t.deleted_at is null`;

/** One thread with counts and the caller's own choice about it; undefined when the project has no such thread. */
export async function readThread(
  reads: pg.Pool,
  of: { projectId: string; threadId: string; callerId: string | null },
): Promise<{ thread: ThreadListItem; subscription: 'subscribed' | 'muted' | null } | undefined> {
  const { rows } = await reads.query<ThreadListRow & { subscription: 'subscribed' | 'muted' | null }>({
    name: 'read thread',
    text,
    values: [of.callerId, of.threadId, of.projectId],
  });
  const row = rows[0];
  return row && { thread: toThreadListItem(row, of.callerId), subscription: row.subscription };
}
