import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../entities/identity/Actor.ts';
import { Role } from '../../entities/identity/Role.ts';
import type { Project } from '../../entities/projects/Project.ts';
import { ProjectMember } from '../../entities/projects/ProjectMember.ts';
import { ProjectTransfer } from '../../entities/projects/ProjectTransfer.ts';
import { emit } from '../../events/emit.ts';
import { fail } from '../../errors.ts';
import type { ActorRef } from '../../views/identity.ts';
import { viewProject } from '../../views/projects.ts';
import type { Offer } from '../../views/transfers.ts';
import { type MemberKey, addMember, lockMembers, setMemberRole } from './changeMember.ts';
import { describeOffer } from './findOffer.ts';
import { findProject } from './findProject.ts';
import { lockRecipient } from './lockRecipient.ts';
import type { CheckFormer } from './refuseDenying.ts';
import { tellOfOffer } from './tellOfTransfer.ts';

const offerDays = 14;

/** Makes somebody owner of a project and the one who pays for it; who owned it stays an owner too. */
export async function handOver(
  em: EntityManager,
  by: ActorRef,
  { project, actorId }: { project: Project; actorId: string },
  checkFormer: CheckFormer,
): Promise<void> {
  const key = { projectId: project.id, actorId };
  const known = await em.findOne(ProjectMember, key);
  if (known) await setMemberRole(em, { ...key, role: 'owner' }, checkFormer);
  else await addMember(em, by, { ...key, role: 'owner' }, checkFormer);
  project.ownerId = actorId;
  emit(em, `project:${project.id}`, 'project.updated', () => viewProject(project));
}

/** Nobody could act for the project's owner. @throws CONFLICT */
export function refuseSuspended({ suspendedAt }: Actor): void {
  if (suspendedAt) fail('CONFLICT', { reason: 'the account that should own the project is suspended' });
}

/** Whoever offers a project must be able to take away the role that its new owner has now. */
async function checkPresentRole(em: EntityManager, key: MemberKey, checkFormer: CheckFormer): Promise<void> {
  const member = await em.findOne(ProjectMember, { projectId: key.projectId, actorId: key.actorId });
  if (member) checkFormer((await em.findOneOrFail(Role, { id: member.roleId })).name);
}

/** @throws TRANSFER_PENDING while an offer of the project stands. */
async function refuseSecondOffer(em: EntityManager, projectId: string, now: Date): Promise<void> {
  const known = await em.findOne(ProjectTransfer, { projectId, status: 'pending' });
  if (!known) return;
  if (known.statusAt(now) === 'pending')
    fail('TRANSFER_PENDING', { whom: (await describeOffer(em, known)).to.name });
  known.resolve('expired', null, now);
  // Before the new one comes: of a project one offer stands at a time.
  await em.flush();
}

/**
 * Offers the project to an account, which becomes its owner when it accepts; one that the actor speaks for does
 * so at once.
 * @param may.speaksFor whether the actor answers for the account: their own, or an organization of theirs
 * @throws NOT_FOUND (actor), CONFLICT when the account is suspended or owns the project already, TRANSFER_PENDING
 */
export async function transferProject(
  em: EntityManager,
  by: ActorRef,
  key: MemberKey,
  may: {
    speaksFor: (account: ActorRef, role: 'owner' | 'member' | null) => boolean;
    checkFormer: CheckFormer;
  },
): Promise<Offer> {
  const now = new Date();
  const { account, role } = await lockRecipient(em, key.actorId, by.id);
  await lockMembers(em, key.projectId);
  const project = await findProject(em, key.projectId);
  refuseSuspended(account);
  if (project.ownerId === account.id) fail('CONFLICT', { reason: 'the account owns the project already' });
  await checkPresentRole(em, key, may.checkFormer);
  await refuseSecondOffer(em, project.id, now);
  const transfer = em.create(ProjectTransfer, {
    projectId: project.id,
    fromId: by.id,
    toId: account.id,
    status: 'pending',
    expiresAt: new Date(now.getTime() + offerDays * 86_400_000),
  });
  const offer: Offer = { transfer, projectName: project.name, from: by, to: account };
  if (may.speaksFor(account, role)) {
    await handOver(em, by, { project, actorId: account.id }, may.checkFormer);
    transfer.resolve('accepted', by.id, now);
  } else {
    await tellOfOffer(em, offer);
  }
  return offer;
}
