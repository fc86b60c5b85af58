import type pg from 'pg';
import type { NotificationView } from '../notifications.ts';
import { before } from './keyset.ts';
import { type NotificationRow, notificationColumns, toNotificationView } from './notificationRow.ts';

const compose = (condition: string) => `
select ${notificationColumns} from notifications n
where n.user_id = $1 and (n.created_at, n.id) < ($2, $3)${condition}
order by n.created_at desc, n.id desc limit $4`;
const all = compose('');
const unread = compose(' and n.read_at is null');

/** Up to `limit` notifications of a person before a position, newest first. */
export async function listNotifications(
  reads: pg.Pool | pg.ClientBase,
  of: {
    userId: string;
    unreadOnly: boolean;
    position: { createdAt: Date; id: string } | null;
    limit: number;
  },
): Promise<NotificationView[]> {
  const { rows } = await reads.query<NotificationRow>({
    name: of.unreadOnly ? 'list unread notifications' : 'list notifications',
    text: of.unreadOnly ? unread : all,
    values: [of.userId, ...before(of.position), of.limit],
  });
  return rows.map(toNotificationView);
}
