import type pg from 'pg';
import type { ThreadListItem } from '../threads.ts';
import { before } from './keyset.ts';
import { type ThreadFilter, filterThreads } from './threadFilter.ts';
import { type ThreadListRow, threadColumns, threadCounts, toThreadListItem } from './threadRow.ts';

/** The page is cut before anything is counted, so that only its threads are. */
const compose = (conditions: string) => `
select ${threadColumns}, ${threadCounts.columns}
from (
  select * from comment_threads t
  where t.project_id = $2 and t.deleted_at is null and (t.created_at, t.id) < ($3, $4)${conditions}
  order by t.created_at desc, t.id desc limit $5
) t
left join actors a on a.id = t.author_id${threadCounts.joins}
order by t.created_at desc, t.id desc`;

/** Up to `limit` threads of a project before a position, newest first, with counts for the caller. */
export async function listThreads(
  reads: pg.Pool,
  of: {
    projectId: string;
    callerId: string | null;
    filter: ThreadFilter;
    position: { createdAt: Date; id: string } | null;
    limit: number;
  },
): Promise<ThreadListItem[]> {
  const { key, conditions, values } = filterThreads(of.filter, 6);
  const { rows } = await reads.query<ThreadListRow>({
    name: `list threads ${key}`,
    text: compose(conditions),
    values: [of.callerId, of.projectId, ...before(of.position), of.limit, ...values],
  });
  return rows.map((row) => toThreadListItem(row, of.callerId));
}
