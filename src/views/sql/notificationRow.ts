import type { NotificationView } from '../notifications.ts';

/** What a query selects of a notification `n`. */
export const notificationColumns =
  'n.id, n.project_id, n.type, n.title, n.message, n.subject, n.payload, n.read_at, n.created_at';

export interface NotificationRow {
  id: string;
  project_id: string | null;
  type: string;
  title: string;
  message: string;
  subject: string;
  payload: Record<string, unknown>;
  read_at: Date | null;
  created_at: Date;
}

export function toNotificationView(row: NotificationRow): NotificationView {
  return {
    id: row.id,
    projectId: row.project_id,
    type: row.type,
    title: row.title,
    message: row.message,
    subject: row.subject,
    payload: row.payload,
    readAt: row.read_at,
    createdAt: row.created_at,
  };
}
