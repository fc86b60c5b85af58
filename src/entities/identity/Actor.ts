import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, metadata, moment, text, updatedAt } from '../columns.ts';
import { Institution } from './Institution.ts';
import { Role } from './Role.ts';

/** A person or an organization: whoever owns, writes, is assigned or is a member. */
export const ActorSchema = defineEntity({
  name: 'Actor',
  tableName: 'actors',
  uniques: [
    {
      name: 'actors_username_unique',
      expression:
        'create unique index "actors_username_unique" on "actors" ("username") where "deleted_at" is null',
    },
    {
      name: 'actors_email_unique',
      expression:
        'create unique index "actors_email_unique" on "actors" ("email") where "deleted_at" is null',
    },
  ],
  indexes: [
    {
      name: 'actors_newest',
      expression: 'create index "actors_newest" on "actors" ("created_at", "id") where "deleted_at" is null',
    },
    {
      name: 'actors_username_prefix',
      expression: 'create index "actors_username_prefix" on "actors" ("username" text_pattern_ops)',
    },
    {
      name: 'actors_name_prefix',
      expression: 'create index "actors_name_prefix" on "actors" (lower("name") text_pattern_ops)',
    },
  ],
  checks: [
    { name: 'actors_username_lower', expression: 'username = lower(username)' },
    { name: 'actors_email_lower', expression: 'email = lower(email)' },
    {
      name: 'actors_person_can_sign_in',
      expression: `(actor_type = 'organization' and email is null and password_hash is null) or (actor_type = 'person' and (deleted_at is not null or (email is not null and password_hash is not null)))`,
    },
    {
      name: 'actors_credits_not_negative',
      expression: 'credits >= 0 and credits_held >= 0 and credit_debt >= 0',
    },
  ],
  properties: {
    id: id(),
    actorType: p.enum(['person', 'organization'] as const).nativeEnumName('actor_type'),
    name: text(255),
    username: text(255),
    email: text(255).nullable(),
    passwordHash: text(255).nullable().hidden(),
    isVerified: p.boolean().default(false),
    roleId: () => p.manyToOne(Role).mapToPk().nullable().deleteRule('set null').index(),
    orcid: text(19).nullable(),
    institutionId: () => p.manyToOne(Institution).mapToPk().nullable().deleteRule('set null').index(),
    credits: p.bigint('number').default(0),
    creditsHeld: p.bigint('number').default(0),
    creditDebt: p.bigint('number').default(0),
    suspendedAt: moment(),
    metadata: metadata(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class Actor extends ActorSchema.class {
  /** Whether the actor may sign in and act now. */
  isActive(): boolean {
    return !this.suspendedAt && !this.deletedAt;
  }
}
ActorSchema.setClass(Actor);
