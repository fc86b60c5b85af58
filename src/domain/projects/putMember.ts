import type { EntityManager } from '@mikro-orm/postgresql';
import { CasbinRule } from '../../entities/policies/CasbinRule.ts';
import { ProjectMember } from '../../entities/projects/ProjectMember.ts';
import { emit } from '../../events/emit.ts';
import { type ActorRef, viewActorRef } from '../../views/identity.ts';
import type { MemberView } from '../../views/projects.ts';
import { findProjectRole } from './findProjectRole.ts';

/** A member as others see it. */
export function viewMember(member: ProjectMember, actor: ActorRef, role: string): MemberView {
  return { projectId: member.projectId, actor: viewActorRef(actor), role, addedAt: member.addedAt };
}

/**
 * Makes an actor a member with this role. The rule that Casbin reads is written with it, in the same
 * transaction: membership and policy cannot fall out of step.
 * @throws ROLE_UNKNOWN
 */
export async function putMember(
  em: EntityManager,
  input: { projectId: string; actor: ActorRef; role: string; addedBy: string },
): Promise<ProjectMember> {
  const role = await findProjectRole(em, input.role);
  const member = em.create(ProjectMember, {
    projectId: input.projectId,
    actorId: input.actor.id,
    roleId: role.id,
    addedBy: input.addedBy,
  });
  em.create(CasbinRule, {
    ptype: 'g',
    v0: `user:${input.actor.id}`,
    v1: `role:${role.name}`,
    v2: `project:${input.projectId}`,
  });
  emit(em, `project:${input.projectId}`, 'member.added', () => viewMember(member, input.actor, role.name));
  return member;
}
