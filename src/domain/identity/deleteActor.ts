import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { OrganizationMember } from '../../entities/identity/OrganizationMember.ts';
import { CasbinRule } from '../../entities/policies/CasbinRule.ts';
import { Project } from '../../entities/projects/Project.ts';
import { fail } from '../../errors.ts';
import { audit } from '../../events/audit.ts';
import { emit } from '../../events/emit.ts';
import { viewProject } from '../../views/projects.ts';
import { keepAnAdministrator } from '../policies/lockOut.ts';
import { removeMember } from '../projects/changeMember.ts';
import { tellOfInheritance } from '../projects/tellOfInheritance.ts';
import { anonymous } from './anonymous.ts';
import { checkSystemRoles } from './checkSystemRoles.ts';
import type { CheckRole } from './grantSystemRole.ts';
import { anonymizeActor } from './sql/anonymizeActor.ts';
import { eraseTraces } from './sql/eraseTraces.ts';
import { findNextOwner } from './sql/findNextOwner.ts';
import { type Ownership, findOwnerships } from './sql/findOwnerships.ts';
import { findSoleOrganizations } from './sql/findSoleOrganizations.ts';
import { lockOwnedProjects } from './sql/lockOwnedProjects.ts';
import { revokeApiKeys } from './sql/revokeApiKeys.ts';
import { revokeSessions } from './sql/revokeSessions.ts';

const quote = (things: readonly { name: string }[]) => things.map(({ name }) => `“${name}”`).join(', ');

/** Refuses while a project or an organization would be left with nobody who can act as its owner. */
async function refuseSoleOwner(
  em: EntityManager,
  actorId: string,
  ownerships: readonly Ownership[],
): Promise<void> {
  const projects = ownerships
    .filter(({ isAlone, isDeleted }) => isAlone && !isDeleted)
    .map(({ projectId, name }) => ({ id: projectId, name }));
  const organizations = await findSoleOrganizations(em, actorId);
  const parts: string[] = [];
  if (projects.length > 0) parts.push(`the project(s) ${quote(projects)}`);
  if (organizations.length > 0) parts.push(`the organization(s) ${quote(organizations)}`);
  if (parts.length > 0)
    fail('OWNS_PROJECTS_ALONE', { what: parts.join(' and ') }, { details: { projects, organizations } });
}

/**
 * Projects that somebody else owns too go on under one of these, who pays for their jobs from then on and is told: whoever is
 * an owner decides about a project and its costs already, and without an account that pays it would stand still.
 */
async function handOverProjects(em: EntityManager, actorId: string): Promise<void> {
  for (const project of await em.find(Project, { ownerId: actorId }, { orderBy: { id: 'asc' } })) {
    const next = await findNextOwner(em, { projectId: project.id, except: actorId });
    if (!next) continue;
    project.ownerId = next.id;
    emit(em, `project:${project.id}`, 'project.updated', () => viewProject(project));
    await tellOfInheritance(em, { project, former: actorId, heir: next });
  }
}

async function leaveAll(em: EntityManager, actorId: string, ownerships: readonly Ownership[]): Promise<void> {
  await handOverProjects(em, actorId);
  // A deleted project without another owner keeps this one, who can do nothing, until it is purged.
  for (const { projectId, isAlone } of ownerships)
    if (!isAlone) await removeMember(em, { projectId, actorId });
  em.remove(await em.find(OrganizationMember, { actorId }));
  em.remove(await em.find(CasbinRule, { ptype: 'g', v0: `user:${actorId}`, v2: '*' }));
}

/**
 * Deletes a person's account for good, and keeps the history readable: what they wrote stays, under a
 * neutral name. Everything that tells who they were is replaced; credentials, memberships, roles and
 * whatever is theirs alone go.
 * @param proof.passwordHash as it stood when the password was compared
 * @param proof.checkRole told of each role that they hold everywhere; throws to refuse
 * @throws NOT_FOUND, WRONG_PASSWORD, LAST_ADMIN, OWNS_PROJECTS_ALONE naming what they own alone
 */
export async function deleteActor(
  em: EntityManager,
  actorId: string,
  proof: { passwordHash?: string; checkRole?: CheckRole } = {},
): Promise<Actor> {
  return keepAnAdministrator(em, async () => {
    await lockOwnedProjects(em, actorId);
    const actor =
      (await em.findOne(
        Actor,
        { id: actorId, actorType: 'person' },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      )) ?? fail('NOT_FOUND', { thing: 'person' });
    if (proof.passwordHash !== undefined && proof.passwordHash !== actor.passwordHash) fail('WRONG_PASSWORD');
    if (proof.checkRole) await checkSystemRoles(em, actorId, proof.checkRole);
    const ownerships = await findOwnerships(em, actorId);
    await refuseSoleOwner(em, actorId, ownerships);
    await leaveAll(em, actorId, ownerships);
    await revokeSessions(em, actorId);
    await revokeApiKeys(em, actorId);
    await em.flush();
    await eraseTraces(em, { actorId, former: actor.name, name: anonymous });
    // The last digits of a UUID are random in every version that clients make.
    const username = `deleted-${actorId.replaceAll('-', '').slice(-16)}`;
    await anonymizeActor(em, { actorId, name: anonymous, username });
    audit(em, { action: 'delete', entityType: 'actors', entityId: actorId });
    return em.refresh(actor, { filters: false }).then((fresh) => fresh ?? actor);
  });
}
