import { z } from 'zod';
import { moment, uuid } from './columns.ts';
import type { ProjectRef, WatchLevel } from './social.ts';

export const notificationView = z.object({
  id: uuid,
  projectId: uuid.nullable(),
  type: z.string(),
  title: z.string(),
  message: z.string(),
  /** Groups the inbox: `thread:<id>` and the like. */
  subject: z.string(),
  payload: z.record(z.string(), z.unknown()),
  readAt: moment.nullable(),
  createdAt: moment,
});
export type NotificationView = z.infer<typeof notificationView>;

/** All notifications about one subject, as one line of the inbox. */
export interface NotificationGroup {
  subject: string;
  newest: NotificationView;
  total: number;
  unread: number;
  /** null: none, or one that the caller may not see (any more). */
  project: ProjectRef | null;
  /** What the caller chose about the thread, if it is about one; null: nothing. */
  threadState: 'subscribed' | 'muted' | null;
  /** What the caller chose about the project; null: nothing. */
  watchLevel: WatchLevel | null;
}

/** What a person has not read, counted. */
export interface UnreadCounts {
  total: number;
  /** Projects that have any; notifications of no project are in `total` alone. */
  projects: { projectId: string; unread: number }[];
  /** Subjects (`thread:<id>` …) that have any, the newest first; 500 at most. */
  subjects: { subject: string; projectId: string | null; unread: number }[];
}

/** Every type of notification; each can be turned off by whoever gets it. */
export const notificationTypes = [
  'mention',
  'comment',
  'thread.created',
  'thread.resolved',
  'job.completed',
  'job.failed',
  'member.added',
  'transfer.offered',
  'transfer.answered',
  'project.inherited',
  'issue.created',
  'issue.assigned',
  'issue.closed',
  'task.assigned',
  'task.unblocked',
  'task.due',
  'webhook.disabled',
  'credits.granted',
  'payment.succeeded',
  'payment.refunded',
] as const;
export const notificationType = z.enum(notificationTypes);
export type NotificationType = z.infer<typeof notificationType>;

export const preferenceView = z.object({ type: notificationType, isEnabled: z.boolean() });
export type PreferenceView = z.infer<typeof preferenceView>;
