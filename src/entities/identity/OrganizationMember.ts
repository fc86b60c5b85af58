import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../columns.ts';
import { Actor } from './Actor.ts';

/** A person in an organization. An organization that is a project's member gives its members its role there. */
export const OrganizationMemberSchema = defineEntity({
  name: 'OrganizationMember',
  tableName: 'organization_members',
  properties: {
    organizationId: () => p.manyToOne(Actor).mapToPk().primary().deleteRule('cascade'),
    actorId: () => p.manyToOne(Actor).mapToPk().primary().deleteRule('cascade').index(),
    role: p.enum(['owner', 'member'] as const).nativeEnumName('organization_role'),
    createdAt: createdAt(),
  },
});

export class OrganizationMember extends OrganizationMemberSchema.class {}
OrganizationMemberSchema.setClass(OrganizationMember);
