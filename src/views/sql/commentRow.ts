import type { CommentView, ReactionView } from '../threads.ts';
import { type AuthorColumns, authorColumns, toAuthor } from './authorColumns.ts';

/**
 * What a query selects of a comment `c` and its author `a`. Reactions come as one array of `emoji|actor`:
 * grouping them here instead of in SQL takes 0.15 ms of 0.4 off a page of fifty, and building the whole
 * page as JSON in SQL took 0.2 ms more than it saved in Node.
 */
export const commentColumns = `c.id, c.thread_id, c.author_type, c.body, c.edited_at, c.created_at, ${authorColumns},
  array(
    select r.emoji || '|' || r.actor_id from comment_reactions r where r.comment_id = c.id order by r.created_at, r.actor_id
  ) as reactions`;

export interface CommentRow extends AuthorColumns {
  id: string;
  thread_id: string;
  author_type: CommentView['authorType'];
  body: string;
  edited_at: Date | null;
  created_at: Date;
  /** `emoji|actorId`, in the order in which they came. */
  reactions: string[];
}

export function toReactions(pairs: readonly string[]): ReactionView[] {
  if (pairs.length === 0) return [];
  const byEmoji = new Map<string, string[]>();
  for (const pair of pairs) {
    const bar = pair.lastIndexOf('|');
    const emoji = pair.slice(0, bar);
    const actorIds = byEmoji.get(emoji);
    if (actorIds) actorIds.push(pair.slice(bar + 1));
    else byEmoji.set(emoji, [pair.slice(bar + 1)]);
  }
  return Array.from(byEmoji, ([emoji, actorIds]) => ({ emoji, actorIds }));
}

export function toCommentView(row: CommentRow): CommentView {
  return {
    id: row.id,
    threadId: row.thread_id,
    author: toAuthor(row),
    authorType: row.author_type,
    body: row.body,
    reactions: toReactions(row.reactions),
    editedAt: row.edited_at,
    createdAt: row.created_at,
  };
}
