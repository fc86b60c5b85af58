import type pg from 'pg';
import type { NotificationGroup } from '../notifications.ts';
import { before } from './keyset.ts';
import { type NotificationRow, notificationColumns, toNotificationView } from './notificationRow.ts';

/**
 * One pass over the person's own notifications (20 ms for ten thousand). Keeping a table of groups was the
 * alternative: a second row to write for each notification, for a page that is opened now and then.
 */
const compose = (condition: string) => `
select * from (
  select distinct on (n.subject) ${notificationColumns},
    count(*) over (partition by n.subject)::int as total,
    (count(*) filter (where n.read_at is null) over (partition by n.subject))::int as unread
  from notifications n
  where n.user_id = $1
  order by n.subject, n.created_at desc, n.id desc
) n
where (n.created_at, n.id) < ($2, $3)${condition}
order by n.created_at desc, n.id desc limit $4`;
const all = compose('');
const unread = compose(' and n.unread > 0');

/** Up to `limit` subjects of which a person was told, the one with the newest notification first. */
export async function listNotificationGroups(
  reads: pg.Pool,
  of: {
    userId: string;
    unreadOnly: boolean;
    position: { createdAt: Date; id: string } | null;
    limit: number;
  },
): Promise<NotificationGroup[]> {
  const { rows } = await reads.query<NotificationRow & { total: number; unread: number }>({
    name: of.unreadOnly ? 'list unread notification groups' : 'list notification groups',
    text: of.unreadOnly ? unread : all,
    values: [of.userId, ...before(of.position), of.limit],
  });
  return rows.map((row) => ({
    subject: row.subject,
    newest: toNotificationView(row),
    total: row.total,
    unread: row.unread,
  }));
}
