import { z } from 'zod';
import { moment, uuid } from './columns.ts';

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
export const notificationGroup = z.object({
  subject: z.string(),
  newest: notificationView,
  total: z.number(),
  unread: z.number(),
});
export type NotificationGroup = z.infer<typeof notificationGroup>;

/** Every type of notification; each can be turned off by whoever gets it. */
export const notificationTypes = [
  'mention',
  'comment',
  'thread.created',
  'thread.resolved',
  'job.completed',
  'job.failed',
  'member.added',
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
