import { defineEntity, p } from '@mikro-orm/core';
import { text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';

/** How often a person is mailed what they have not read; no row means daily at eight, UTC. */
export const DigestSettingSchema = defineEntity({
  name: 'DigestSetting',
  tableName: 'digest_settings',
  checks: [{ name: 'digest_settings_hour', expression: 'hour >= 0 and hour <= 23' }],
  properties: {
    actorId: () => p.manyToOne(Actor).mapToPk().primary().updateRule('no action').deleteRule('cascade'),
    frequency: p
      .enum(['immediately', 'hourly', 'daily', 'never'] as const)
      .nativeEnumName('digest_frequency')
      .default('daily'),
    /** Of a daily mail, 0 to 23 in the time zone. */
    hour: p.integer().default(8),
    /** IANA name, such as Europe/Berlin. */
    timeZone: text(64).default('UTC'),
    updatedAt: updatedAt(),
  },
});

export class DigestSetting extends DigestSettingSchema.class {}
DigestSettingSchema.setClass(DigestSetting);
