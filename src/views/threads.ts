import { z } from 'zod';
import { moment, uuid } from './columns.ts';
import { actorRef } from './identity.ts';

export const reactionView = z.object({ emoji: z.string(), actorIds: z.array(uuid) });

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
