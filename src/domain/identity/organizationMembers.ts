/** Who belongs to an organization. The caller holds the organization's lock (see lockOrganization). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { OrganizationMember } from '../../entities/identity/OrganizationMember.ts';
import { fail } from '../../errors.ts';
import type { OrganizationMemberView, OrganizationRole } from '../../views/identity.ts';
import { viewActorRef } from '../../views/identity.ts';

/** A membership and who holds it. */
export interface Belonging {
  member: OrganizationMember;
  actor: Actor;
}

export function viewBelonging({ member, actor }: Belonging): OrganizationMemberView {
  return {
    organizationId: member.organizationId,
    actor: viewActorRef(actor),
    role: member.role,
    addedAt: member.createdAt,
  };
}

interface MemberKey {
  organizationId: string;
  actorId: string;
}

async function loadBelonging(em: EntityManager, { organizationId, actorId }: MemberKey): Promise<Belonging> {
  const member = await em.findOne(OrganizationMember, { organizationId, actorId });
  if (!member) return fail('NOT_FOUND', { thing: 'member' });
  return { member, actor: await em.findOneOrFail(Actor, { id: actorId }, { filters: false }) };
}

async function refuseLastOwner(em: EntityManager, { member }: Belonging): Promise<void> {
  if (member.role !== 'owner') return;
  const owners = await em.count(OrganizationMember, { organizationId: member.organizationId, role: 'owner' });
  if (owners < 2) fail('LAST_ORGANIZATION_OWNER');
}

/** Adds a person. @throws NOT_FOUND when there is no such person, ALREADY_ORGANIZATION_MEMBER */
export async function addOrganizationMember(
  em: EntityManager,
  { organizationId, actorId, role }: MemberKey & { role: OrganizationRole },
): Promise<Belonging> {
  const actor = await em.findOne(Actor, { id: actorId, actorType: 'person' });
  if (!actor) return fail('NOT_FOUND', { thing: 'person' });
  if (await em.findOne(OrganizationMember, { organizationId, actorId })) fail('ALREADY_ORGANIZATION_MEMBER');
  return { member: em.create(OrganizationMember, { organizationId, actorId, role }), actor };
}

/** Takes a member out. @throws NOT_FOUND, LAST_ORGANIZATION_OWNER */
export async function removeOrganizationMember(em: EntityManager, key: MemberKey): Promise<Belonging> {
  const belonging = await loadBelonging(em, key);
  await refuseLastOwner(em, belonging);
  em.remove(belonging.member);
  return belonging;
}

/** Makes a member an owner, or an owner a mere member. @throws NOT_FOUND, LAST_ORGANIZATION_OWNER */
export async function setOrganizationRole(
  em: EntityManager,
  { role, ...key }: MemberKey & { role: OrganizationRole },
): Promise<Belonging> {
  const belonging = await loadBelonging(em, key);
  if (belonging.member.role === role) return belonging;
  await refuseLastOwner(em, belonging);
  belonging.member.role = role;
  return belonging;
}
