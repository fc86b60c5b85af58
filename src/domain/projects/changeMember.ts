import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { Role } from '../../entities/identity/Role.ts';
import { CasbinRule, roleRule } from '../../entities/policies/CasbinRule.ts';
import { ProjectMember } from '../../entities/projects/ProjectMember.ts';
import { emit } from '../../events/emit.ts';
import { fail } from '../../errors.ts';
import type { ActorRef } from '../../views/identity.ts';
import { viewMember } from '../../views/projects.ts';
import { findProjectRole } from './findProjectRole.ts';
import { putMember } from './putMember.ts';
import { type CheckFormer, refuseDenying } from './refuseDenying.ts';

export interface MemberKey {
  projectId: string;
  actorId: string;
}

export interface Membership {
  member: ProjectMember;
  actor: ActorRef;
  role: string;
}

/** Members of a project are changed one at a time, so that two owners cannot leave at once. */
export async function lockMembers(em: EntityManager, projectId: string): Promise<void> {
  await em.execute(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [`project:${projectId}`]);
}

async function loadMembership(em: EntityManager, key: MemberKey): Promise<Membership> {
  const member = await em.findOne(
    ProjectMember,
    { projectId: key.projectId, actorId: key.actorId },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!member) return fail('NOT_FOUND', { thing: 'member' });
  const [actor, role] = [
    await em.findOneOrFail(Actor, { id: key.actorId }, { filters: false }),
    await em.findOneOrFail(Role, { id: member.roleId }),
  ];
  return { member, actor, role: role.name };
}

async function refuseLastOwner(em: EntityManager, membership: Membership): Promise<void> {
  if (membership.role !== 'owner') return;
  const { projectId, roleId, actorId } = membership.member;
  // An organization that was deleted stays a member, to be there again when it is restored, but acts for nobody;
  // nor does who is suspended.
  const others = await em.execute<object[]>(
    `select from project_members m
     join actors a on a.id = m.actor_id and a.deleted_at is null and a.suspended_at is null
     where m.project_id = ? and m.role_id = ? and m.actor_id <> ? limit 1`,
    [projectId, roleId, actorId],
  );
  if (others.length === 0) fail('LAST_OWNER');
}

async function findRule(em: EntityManager, { member, role }: Membership): Promise<CasbinRule> {
  return em.findOneOrFail(CasbinRule, roleRule(member.actorId, role, `project:${member.projectId}`));
}

const anyRole: CheckFormer = () => {};

/** Adds a person or an organization. @throws NOT_FOUND (actor), ALREADY_MEMBER, ROLE_UNKNOWN, ROLE_DENIES. */
export async function addMember(
  em: EntityManager,
  by: ActorRef,
  input: MemberKey & { role: string },
  checkFormer = anyRole,
): Promise<Membership> {
  await lockMembers(em, input.projectId);
  const actor = await em.findOne(Actor, { id: input.actorId });
  if (!actor) return fail('NOT_FOUND', { thing: 'actor' });
  if (await em.findOne(ProjectMember, { projectId: input.projectId, actorId: input.actorId }))
    fail('ALREADY_MEMBER');
  await refuseDenying(em, { ...input, actorType: actor.actorType }, checkFormer);
  const member = await putMember(em, { projectId: input.projectId, actor, role: input.role, addedBy: by.id });
  return { member, actor, role: input.role };
}

/** Gives a member another role. @throws NOT_FOUND, ROLE_UNKNOWN, ROLE_DENIES, LAST_OWNER. */
export async function setMemberRole(
  em: EntityManager,
  input: MemberKey & { role: string },
  checkFormer = anyRole,
): Promise<Membership> {
  await lockMembers(em, input.projectId);
  const membership = await loadMembership(em, input);
  checkFormer(membership.role);
  const role = await findProjectRole(em, input.role);
  if (role.name === membership.role) return membership;
  await refuseDenying(em, { ...input, actorType: membership.actor.actorType }, checkFormer);
  await refuseLastOwner(em, membership);
  // Rules are never updated: the trigger that bumps the epoch sees what came and what went.
  em.remove(await findRule(em, membership));
  em.create(CasbinRule, roleRule(input.actorId, role.name, `project:${input.projectId}`));
  membership.member.roleId = role.id;
  const changed = { ...membership, role: role.name };
  emit(em, `project:${input.projectId}`, 'member.roleChanged', () =>
    viewMember(changed.member, changed.actor, changed.role),
  );
  return changed;
}

/** Takes a member out; from the commit on nothing more of the project reaches them. @throws NOT_FOUND, LAST_OWNER. */
export async function removeMember(
  em: EntityManager,
  key: MemberKey,
  checkFormer = anyRole,
): Promise<Membership> {
  await lockMembers(em, key.projectId);
  const membership = await loadMembership(em, key);
  checkFormer(membership.role);
  await refuseLastOwner(em, membership);
  em.remove(await findRule(em, membership));
  em.remove(membership.member);
  emit(em, `project:${key.projectId}`, 'member.removed', () =>
    viewMember(membership.member, membership.actor, membership.role),
  );
  return membership;
}
