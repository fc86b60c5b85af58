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
