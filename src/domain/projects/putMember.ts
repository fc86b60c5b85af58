import type { EntityManager } from '@mikro-orm/postgresql';
import { CasbinRule, roleRule } from '../../entities/policies/CasbinRule.ts';
import { ProjectMember } from '../../entities/projects/ProjectMember.ts';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import { viewMember } from '../../views/projects.ts';
import { findProjectRole } from './findProjectRole.ts';

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
  em.create(CasbinRule, roleRule(input.actor.id, role.name, `project:${input.projectId}`));
  emit(em, `project:${input.projectId}`, 'member.added', () => viewMember(member, input.actor, role.name));
  return member;
}
