import { z } from 'zod';
import type { Comment } from '../entities/threads/Comment.ts';
import type { CommentThread } from '../entities/threads/CommentThread.ts';
import { moment, uuid } from './columns.ts';
import { type ActorRef, actorRef, viewActorRef } from './identity.ts';

/** One emoji under a comment, and who gave it; emoji and people in the order in which they came. */
export const reactionView = z.object({ emoji: z.string(), actorIds: z.array(uuid) });
export type ReactionView = z.infer<typeof reactionView>;

export const commentView = z.object({
  id: uuid,
  threadId: uuid,
  author: actorRef.nullable(),
  authorType: z.enum(['USER', 'AI']),
  body: z.string(),
  reactions: z.array(reactionView),
  editedAt: moment.nullable(),
  createdAt: moment,
});
export type CommentView = z.infer<typeof commentView>;

export const threadView = z.object({
  id: uuid,
  projectId: uuid,
  author: actorRef.nullable(),
  title: z.string().nullable(),
  status: z.enum(['open', 'resolved']),
  resolvedBy: uuid.nullable(),
  filePath: z.string().nullable(),
  lineStart: z.number().nullable(),
  lineEnd: z.number().nullable(),
  /** How the thread stands in version `placedVersion`: on its lines, beside changed lines, or its file is gone. */
  placement: z.enum(['current', 'outdated', 'gone']),
  placedVersion: z.number().nullable(),
  /** Where it was first put, and on what text. */
  anchor: z
    .object({
      version: z.number(),
      commitSha: z.string(),
      path: z.string(),
      lineStart: z.number(),
      lineEnd: z.number(),
      text: z.string(),
    })
    .nullable(),
  subjectType: z.string().nullable(),
  subjectId: uuid.nullable(),
  startMs: z.number().nullable(),
  endMs: z.number().nullable(),
  resolvedAt: moment.nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type ThreadView = z.infer<typeof threadView>;

/** A thread as a list shows it: with counts, and what is unread for the caller. */
export const threadListItem = threadView.extend({
  commentCount: z.number(),
  /** Comments of others that came after what the caller has read. */
  unreadCount: z.number(),
  lastCommentAt: moment.nullable(),
  /** How its first comment begins, in at most 200 characters; empty when it has none left. */
  excerpt: z.string(),
});
export type ThreadListItem = z.infer<typeof threadListItem>;

/** A file in which threads stand, and how many. */
export interface ThreadFile {
  filePath: string;
  open: number;
  resolved: number;
  /** Of the open ones those whose lines have changed, or whose file is gone. */
  outdated: number;
}

export function viewComment(
  comment: Comment,
  author: ActorRef | null,
  reactions: ReactionView[] = [],
): CommentView {
  return {
    id: comment.id,
    threadId: comment.threadId,
    author: author && viewActorRef(author),
    authorType: comment.authorType,
    body: comment.body,
    reactions,
    editedAt: comment.editedAt ?? null,
    createdAt: comment.createdAt,
  };
}

/** The anchor as it goes over the wire: without the hash, which is how the server finds the content again. */
export function viewAnchor(anchor: NonNullable<CommentThread['anchor']>): NonNullable<ThreadView['anchor']> {
  return {
    version: anchor.version,
    commitSha: anchor.commitSha,
    path: anchor.path,
    lineStart: anchor.lineStart,
    lineEnd: anchor.lineEnd,
    text: anchor.text,
  };
}

export function viewThread(thread: CommentThread, author: ActorRef | null): ThreadView {
  return {
    id: thread.id,
    projectId: thread.projectId,
    author: author && viewActorRef(author),
    title: thread.title ?? null,
    status: thread.status,
    resolvedBy: thread.resolvedBy ?? null,
    filePath: thread.filePath ?? null,
    lineStart: thread.lineStart ?? null,
    lineEnd: thread.lineEnd ?? null,
    placement: thread.placement,
    placedVersion: thread.placedVersion ?? null,
    anchor: thread.anchor ? viewAnchor(thread.anchor) : null,
    subjectType: thread.subjectType ?? null,
    subjectId: thread.subjectId ?? null,
    startMs: thread.startMs ?? null,
    endMs: thread.endMs ?? null,
    resolvedAt: thread.resolvedAt ?? null,
    createdAt: thread.createdAt,
    updatedAt: thread.updatedAt,
  };
}
