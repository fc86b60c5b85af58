import type { ThreadAnchor } from '../../entities/threads/CommentThread.ts';
import { type ThreadListItem, type ThreadView, viewAnchor } from '../threads.ts';
import { type AuthorColumns, authorColumns, toAuthor } from './authorColumns.ts';

/** What a query selects of a thread `t` and its author `a`. */
export const threadColumns = `t.id, t.project_id, t.title, t.status, t.resolved_by, t.file_path, t.line_start, t.line_end,
  t.placement, t.placed_version, t.anchor, t.subject_type, t.subject_id, t.start_ms, t.end_ms,
  t.resolved_at, t.created_at, t.updated_at, ${authorColumns}`;

export interface ThreadRow extends AuthorColumns {
  id: string;
  project_id: string;
  title: string | null;
  status: ThreadView['status'];
  resolved_by: string | null;
  file_path: string | null;
  line_start: number | null;
  line_end: number | null;
  placement: ThreadView['placement'];
  placed_version: number | null;
  anchor: ThreadAnchor | null;
  subject_type: string | null;
  subject_id: string | null;
  start_ms: number | null;
  end_ms: number | null;
  resolved_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export function toThreadView(row: ThreadRow): ThreadView {
  return {
    id: row.id,
    projectId: row.project_id,
    author: toAuthor(row),
    title: row.title,
    status: row.status,
    resolvedBy: row.resolved_by,
    filePath: row.file_path,
    lineStart: row.line_start,
    lineEnd: row.line_end,
    placement: row.placement,
    placedVersion: row.placed_version,
    anchor: row.anchor && viewAnchor(row.anchor),
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    startMs: row.start_ms,
    endMs: row.end_ms,
    resolvedAt: row.resolved_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/**
 * Counts of a thread `t` for the caller `$1`, who may be null (nobody signed in: then nothing is unread).
 * They are counted, not kept: a counter on the thread would be a row that every comment waits for.
 */
export const threadCounts = {
  columns: 'n.comment_count, n.unread_count, n.last_comment_at, f.excerpt',
  joins: `
left join thread_reads r on r.thread_id = t.id and r.actor_id = $1::uuid
cross join lateral (
  select count(*)::int as comment_count,
    count(*) filter (where c.author_id is distinct from $1::uuid and c.created_at > coalesce(r.read_up_to, '-infinity'))::int
      as unread_count,
    max(c.created_at) as last_comment_at
  from comments c where c.thread_id = t.id and c.deleted_at is null
) n
left join lateral (
  select left(c.body, 200) as excerpt from comments c
  where c.thread_id = t.id and c.deleted_at is null order by c.created_at, c.id limit 1
) f on true`,
};

export interface ThreadListRow extends ThreadRow {
  comment_count: number;
  unread_count: number;
  last_comment_at: Date | null;
  excerpt: string | null;
}

export function toThreadListItem(row: ThreadListRow, callerId: string | null): ThreadListItem {
  return {
    ...toThreadView(row),
    commentCount: row.comment_count,
    unreadCount: callerId === null ? 0 : row.unread_count,
    lastCommentAt: row.last_comment_at,
    excerpt: row.excerpt ?? '',
  };
}
