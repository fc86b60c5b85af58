import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import type { Authorizer } from '../../authz/Authorizer.ts';
import { cut } from '../../domain/notifications/excerpt.ts';
import { draftNotices, noticedTypes } from '../../domain/notifications/draftNotices.ts';
import type { Notice } from '../../domain/notifications/Notice.ts';
import { readSurroundings } from '../../domain/notifications/readSurroundings.ts';
import { findDisabled } from '../../domain/notifications/sql/findDisabled.ts';
import { findUnwatching } from '../../domain/notifications/sql/findUnwatching.ts';
import {
  type NewNotification,
  insertNotifications,
} from '../../domain/notifications/sql/insertNotifications.ts';
import { catalogue } from '../../events/catalogue.ts';
import type { LogEvent } from '../../events/watch.ts';
import type { NotificationView } from '../../views/notifications.ts';
import type { Follower } from './Follower.ts';
import { appendToStreams } from './sql/appendToStreams.ts';

/** Notices after which a transaction takes no further event: it holds a lock for each person told. */
const enough = 1000;

interface Drafted extends Notice {
  seq: number;
}

/** Leaves out whom the event may not be told, or who does not want to hear of it. */
async function chooseHearers(
  em: EntityManager,
  authorizer: Authorizer,
  projectId: string,
  drafted: readonly Drafted[],
): Promise<Drafted[]> {
  const allowed = new Set<string>();
  for (const [permission, notices] of Map.groupBy(drafted, (notice) => notice.permission)) {
    const ids = [...new Set(notices.map((notice) => notice.userId))];
    for (const id of await authorizer.filterAllowed(ids, permission, projectId))
      allowed.add(`${permission} ${id}`);
  }
  const seeing = drafted.filter((notice) => allowed.has(`${notice.permission} ${notice.userId}`));
  const userIds = [...new Set(seeing.map((notice) => notice.userId))];
  const disabled = new Set((await findDisabled(em, userIds)).map((row) => `${row.type} ${row.actorId}`));
  const unwatching = await findUnwatching(em, projectId, userIds);
  return seeing.filter(
    ({ type, userId }) =>
      !disabled.has(`${type} ${userId}`) && (type === 'mention' || !unwatching.has(userId)),
  );
}

function toRow(notice: Drafted, of: { projectId: string; stream: string; createdAt: Date }): NewNotification {
  return {
    id: uuidv7(),
    userId: notice.userId,
    projectId: of.projectId,
    type: notice.type,
    title: cut(notice.title, 255),
    message: notice.message,
    subject: notice.subject,
    payload: notice.payload,
    eventStream: of.stream,
    eventSeq: notice.seq,
    createdAt: of.createdAt,
  };
}

function toView(row: NewNotification): NotificationView {
  const { id, projectId, type, title, message, subject, payload, createdAt } = row;
  return { id, projectId, type, title, message, subject, payload, readAt: null, createdAt };
}

/**
 * Tells people of what happened in their projects: of comments in threads that they follow and of mentions,
 * of threads resolved, of the end of jobs they asked for, of projects they were added to, of issues and tasks
 * that are theirs, and those who watch a project of everything new in it. A row in
 * `notifications` and an event in the person's stream for each, in two statements however many people.
 */
export const notificationsFollower: Follower = {
  name: 'notifications',
  streams: 'project:',
  types: noticedTypes,

  async act(em, events, { authorizer, announce }) {
    const { stream } = events[0] as LogEvent;
    const projectId = stream.slice('project:'.length);
    const surroundings = await readSurroundings(em, projectId, events);
    const drafted: Drafted[] = [];
    let done = 0;
    for (const event of events) {
      for (const notice of draftNotices(event, surroundings)) drafted.push({ ...notice, seq: event.seq });
      done += 1;
      if (drafted.length >= enough) break;
    }
    const createdAt = new Date();
    const hearers = await chooseHearers(em, authorizer, projectId, drafted);
    const rows = hearers.map((notice) => toRow(notice, { projectId, stream, createdAt }));
    if (rows.length === 0) return done;
    const inserted = await insertNotifications(em, rows);
    const told = rows.filter((row) => inserted.has(row.id));
    if (told.length === 0) return done;
    const { subject } = catalogue['notification.added'];
    const reached = await appendToStreams(
      em,
      told.map((row) => {
        const payload = toView(row);
        return {
          stream: `user:${row.userId}`,
          type: 'notification.added',
          subject: subject(payload),
          payload,
        };
      }),
    );
    for (const { stream: inbox, seq } of reached) announce(em, inbox, seq);
    return done;
  },
};
