/**
 * Every type of durable event: the shape of its payload, what it is about, and the permission that whoever
 * reads it must hold. Payloads are views, the same that the query procedures return.
 */
import { z } from 'zod';
import { uuid } from '../views/columns.ts';
import { jobView } from '../views/jobs.ts';
import { notificationView } from '../views/notifications.ts';
import { memberView, projectView } from '../views/projects.ts';
import { manifestView } from '../views/repositories.ts';
import { commentView, threadView } from '../views/threads.ts';

interface EventRow<P extends z.ZodType> {
  payload: P;
  /** `noun:id`. */
  subject: (payload: z.infer<P>) => string;
  /** Procedure whose permission a reader of this event must hold; null: the stream is the reader's own. */
  permission: string | null;
}
const event = <P extends z.ZodType>(
  payload: P,
  subject: (payload: z.infer<P>) => string,
  permission: string | null,
): EventRow<P> => ({ payload, subject, permission });

const project = event(projectView, ({ id }) => `project:${id}`, 'projects.get');
const member = event(memberView, ({ actor }) => `actor:${actor.id}`, 'members.list');
const job = event(jobView, ({ id }) => `job:${id}`, 'jobs.list');
const thread = event(threadView, ({ id }) => `thread:${id}`, 'threads.list');
const comment = event(commentView, ({ threadId }) => `thread:${threadId}`, 'comments.list');
const reaction = event(
  z.object({ threadId: uuid, commentId: uuid, actorId: uuid, emoji: z.string() }),
  ({ threadId }) => `thread:${threadId}`,
  'comments.list',
);

export const catalogue = {
  'project.created': project,
  'project.updated': project,
  'project.deleted': project,
  'project.restored': project,
  'member.added': member,
  'member.roleChanged': member,
  'member.removed': member,
  'manifest.created': event(manifestView, ({ id }) => `manifest:${id}`, 'repositories.manifest'),
  'job.queued': job,
  'job.started': job,
  'job.completed': job,
  'job.failed': job,
  'job.cancelled': job,
  'thread.created': event(
    z.object({ thread: threadView, comment: commentView }),
    ({ thread: created }) => `thread:${created.id}`,
    'threads.list',
  ),
  'thread.resolved': thread,
  'thread.reopened': thread,
  'thread.moved': thread,
  'thread.outdated': thread,
  'thread.deleted': thread,
  'thread.restored': thread,
  'comment.added': comment,
  'comment.edited': comment,
  'comment.deleted': event(
    z.object({ id: uuid, threadId: uuid }),
    ({ threadId }) => `thread:${threadId}`,
    'comments.list',
  ),
  'comment.reacted': reaction,
  'comment.unreacted': reaction,
  'notification.added': event(notificationView, ({ subject }) => subject, null),
  'notification.read': event(
    z.object({ ids: z.array(uuid).nullable() }).describe('ids of what was read; null: everything'),
    () => 'inbox:all',
    null,
  ),
} satisfies Record<string, EventRow<z.ZodType>>;

export type EventType = keyof typeof catalogue;
export type Payload<T extends EventType> = z.infer<(typeof catalogue)[T]['payload']>;
