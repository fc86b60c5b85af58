import type pg from 'pg';
import { z } from 'zod';
import { setDigest } from '../domain/notifications/setDigest.ts';
import { markNotificationsRead } from '../domain/notifications/markNotificationsRead.ts';
import { setPreference } from '../domain/notifications/setPreference.ts';
import { TesseraError } from '../errors.ts';
import { type LogEvent, LogWatch } from '../events/watch.ts';
import { uuid } from '../views/columns.ts';
import { digestSetting } from '../views/digests.ts';
import { notificationType } from '../views/notifications.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { countUnread } from '../views/sql/countUnread.ts';
import { countUnreadBySubject } from '../views/sql/countUnreadBySubject.ts';
import { listNotificationGroups } from '../views/sql/listNotificationGroups.ts';
import { listNotifications } from '../views/sql/listNotifications.ts';
import { listPreferences } from '../views/sql/listPreferences.ts';
import { readDigest } from '../views/sql/readDigest.ts';
import { line } from './freeText.ts';
import { instance, router } from './trpc.ts';

const list = { ...page, unreadOnly: z.boolean().default(false) };
/** Notifications that a subscription begins with. */
const inSnapshot = 50;

// One function each for all who watch.
const isOfInbox = (event: LogEvent) => event.type.startsWith('notification.');
const inboxAsItStands = async (client: pg.ClientBase, userId: string) => ({
  notifications: await listNotifications(client, {
    userId,
    unreadOnly: false,
    position: null,
    limit: inSnapshot,
  }),
  unreadCount: await countUnread(client, userId),
});

export const notifications = router({
  /** The caller's notifications, newest first. */
  list: instance.query('notifications.list', list, async ({ ctx, input }) => {
    const { unreadOnly, limit } = input;
    const of = { userId: ctx.actor.id, unreadOnly, position: readCursor(input.cursor), limit: limit + 1 };
    return toPage(await listNotifications(ctx.reads, of), limit, (notification) => notification);
  }),

  /**
   * The inbox: one line for each subject, with its newest notification, how many there are, and what the caller
   * chose to hear of the thread and the project; newest first. All, or those of a project.
   */
  groups: instance.query(
    'notifications.groups',
    { ...list, projectId: uuid.optional() },
    async ({ ctx, input }) => {
      const { unreadOnly, projectId, limit } = input;
      const of = {
        userId: ctx.actor.id,
        unreadOnly,
        projectId,
        scope: ctx.access.projectsWhere('projects.get'),
        position: readCursor(input.cursor),
        limit: limit + 1,
      };
      const groups = await listNotificationGroups(ctx.reads, of);
      const paged = groups.map((group) => ({
        id: group.newest.id,
        createdAt: group.newest.createdAt,
        group,
      }));
      return toPage(paged, limit, ({ group }) => group);
    },
  ),

  /** How many of the caller's notifications are unread. */
  unreadCount: instance.query('notifications.unreadCount', {}, ({ ctx }) =>
    countUnread(ctx.reads, ctx.actor.id),
  ),

  /** The same by project and by subject, so that a page can show them wherever the project or the subject is named. */
  unreadCounts: instance.query('notifications.unreadCounts', {}, ({ ctx }) =>
    countUnreadBySubject(ctx.reads, ctx.actor.id),
  ),

  /** Marks notifications as read: those of `ids`, or all about one `subject`. Answers how many were unread. */
  markRead: instance.mutation(
    'notifications.markRead',
    { ids: z.array(uuid).min(1).max(500).optional(), subject: line(100).optional() },
    ({ ctx, input: { ids, subject } }) => {
      if ((ids === undefined) === (subject === undefined)) {
        throw new TesseraError('BAD_INPUT', {}, { fields: { ids: 'give either ids or subject' } });
      }
      const which = ids ? { ids } : { subject: subject ?? '' };
      return ctx.write(
        (em) => markNotificationsRead(em, ctx.actor, which),
        (count) => ({ count }),
      );
    },
  ),

  /** Marks everything as read. Answers how many were unread. */
  markAllRead: instance.mutation('notifications.markAllRead', {}, ({ ctx }) =>
    ctx.write(
      (em) => markNotificationsRead(em, ctx.actor, 'all'),
      (count) => ({ count }),
    ),
  ),

  /** Every type of notification, and whether the caller wants it. */
  preferences: instance.query('notifications.preferences', {}, ({ ctx }) =>
    listPreferences(ctx.reads, ctx.actor.id),
  ),

  /** Turns a type of notification on or off. */
  setPreference: instance.mutation(
    'notifications.setPreference',
    { type: notificationType, isEnabled: z.boolean() },
    ({ ctx, input: { type, isEnabled } }) =>
      ctx.write(
        (em) => setPreference(em, ctx.actor, { type, isEnabled }),
        (preference) => preference,
      ),
  ),

  /** How often the caller is mailed what they have not read, and whether their address is confirmed: nothing is mailed before. */
  digest: instance.query('notifications.digest', {}, ({ ctx }) => readDigest(ctx.reads, ctx.actor.id)),

  /** Changes what is given: `immediately`, `hourly`, `daily` at an `hour` of a `timeZone`, or `never`. */
  setDigest: instance.mutation(
    'notifications.setDigest',
    {
      frequency: digestSetting.shape.frequency.optional(),
      hour: digestSetting.shape.hour.optional(),
      timeZone: line(64).optional(),
    },
    ({ ctx, input: { mutationId: _, ...changes } }) =>
      ctx.write(
        (em) => setDigest(em, ctx.actor.id, changes),
        (digest) => digest,
      ),
  ),

  /**
   * The caller's inbox live: first `{ type: 'snapshot', seq, notifications, unreadCount }` with the newest 50,
   * then `notification.added` and `notification.read` (from any of the caller's windows).
   */
  watch: instance.subscription('notifications.watch', {}, ({ ctx, input }) => {
    return new LogWatch(ctx.feed, {
      stream: `user:${ctx.actor.id}`,
      wants: isOfInbox,
      snapshot: inboxAsItStands,
      reauthorizer: ctx.reauthorizer('notifications.watch'),
      lastEventId: input.lastEventId ?? undefined,
    });
  }),
});
