import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { MailDigest } from './MailDigest.ts';
import { Notification } from './Notification.ts';

/** A notification that waits to be mailed, or is in a digest that is being sent; it goes when that is over. */
export const NotificationMailSchema = defineEntity({
  name: 'NotificationMail',
  tableName: 'notification_mails',
  indexes: [
    { name: 'notification_mails_user_id_created_at_index', properties: ['userId', 'createdAt'] },
    { name: 'notification_mails_created_at_index', properties: ['createdAt'] },
  ],
  properties: {
    notificationId: () =>
      p.oneToOne(Notification).mapToPk().primary().updateRule('no action').deleteRule('cascade'),
    userId: () => p.manyToOne(Actor).mapToPk().deleteRule('cascade'),
    digestId: () => p.manyToOne(MailDigest).mapToPk().nullable().deleteRule('cascade').index(),
    createdAt: createdAt(),
  },
});

export class NotificationMail extends NotificationMailSchema.class {}
NotificationMailSchema.setClass(NotificationMail);
