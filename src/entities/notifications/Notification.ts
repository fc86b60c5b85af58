import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';

/** Something a person should know. `subject` (`thread:<id>` …) groups the inbox. */
export const NotificationSchema = defineEntity({
  name: 'Notification',
  tableName: 'notifications',
  indexes: [
    { name: 'notifications_user_id_created_at_index', properties: ['userId', 'createdAt', 'id'] },
    {
      name: 'notifications_unread_index',
      expression:
        'create index "notifications_unread_index" on "notifications" ("user_id") where "read_at" is null',
    },
  ],
  uniques: [{ name: 'notifications_event_unique', properties: ['userId', 'eventStream', 'eventSeq'] }],
  properties: {
    id: id(),
    userId: () => p.manyToOne(Actor).mapToPk().deleteRule('cascade').index(),
    projectId: () => p.manyToOne(Project).mapToPk().nullable().deleteRule('cascade').index(),
    type: text(50),
    title: text(255),
    message: p.text(),
    subject: text(100),
    payload: p.json().$type<Record<string, unknown>>(),
    /** The event it follows from, so that a follower which runs twice notifies once. */
    eventStream: text(80),
    eventSeq: p.bigint('number'),
    readAt: moment(),
    createdAt: createdAt(),
  },
});

export class Notification extends NotificationSchema.class {}
NotificationSchema.setClass(Notification);
