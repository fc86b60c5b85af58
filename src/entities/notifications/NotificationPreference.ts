import { defineEntity, p } from '@mikro-orm/core';
import { text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';

/** What a person wants to be told of, by type of notification; no row means yes. */
export const NotificationPreferenceSchema = defineEntity({
  name: 'NotificationPreference',
  tableName: 'notification_preferences',
  properties: {
    actorId: () => p.manyToOne(Actor).mapToPk().primary().deleteRule('cascade'),
    type: text(50).primary(),
    isEnabled: p.boolean(),
    updatedAt: updatedAt(),
  },
});

export class NotificationPreference extends NotificationPreferenceSchema.class {}
NotificationPreferenceSchema.setClass(NotificationPreference);
