import type { Watched } from './index.ts';

type Event = Watched<'notifications'>;
/** What `notifications.watch` begins with, and what its events keep up to date. */
export type InboxState = Pick<Extract<Event, { type: 'snapshot' }>, 'notifications' | 'unreadCount'>;
type Notification = InboxState['notifications'][number];

/**
 * What the inbox holds after an event of `notifications.watch`; `state` is what it held before, undefined at
 * first. It is not changed. Nothing is cut off at the 50 newest.
 * @throws TypeError for an event without a state to apply it to.
 */
export function applyToInbox(state: InboxState | undefined, event: Event): InboxState {
  if (event.type === 'snapshot' || event.type === 'resync') {
    const { notifications, unreadCount } = event;
    return { notifications, unreadCount };
  }
  if (!state) throw new TypeError(`${event.type} came before the snapshot that it changes.`);
  const { notifications, unreadCount } = state;
  if (event.type === 'notification.added')
    return { notifications: [event.payload, ...notifications], unreadCount: unreadCount + 1 };
  if (event.type !== 'notification.read') return state;
  const { ids, readAt } = event.payload;
  const named = new Set(ids);
  const mark = (notification: Notification): Notification =>
    notification.readAt === null && (ids === null || named.has(notification.id))
      ? { ...notification, readAt }
      : notification;
  return {
    notifications: notifications.map(mark),
    // The event names those that were unread, also those that are too old to be shown.
    unreadCount: ids === null ? 0 : unreadCount - ids.length,
  };
}
