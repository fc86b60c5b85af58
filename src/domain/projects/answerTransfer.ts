import type { EntityManager } from '@mikro-orm/postgresql';
import type { Authorizer } from '../../authz/Authorizer.ts';
import { ProjectTransfer } from '../../entities/projects/ProjectTransfer.ts';
import { fail } from '../../errors.ts';
import type { ActorRef } from '../../views/identity.ts';
import type { Offer } from '../../views/transfers.ts';
import { findProject } from './findProject.ts';
import { describeOffer, lockOffer } from './findOffer.ts';
import { type Recipient, lockRecipient } from './lockRecipient.ts';
import { tellOfEnd } from './tellOfTransfer.ts';
import { handOver, refuseSuspended } from './transferProject.ts';

/**
 * Locks an offer to be answered, after the account it was made to: the same order as where offers are made.
 * @param mayAnswer throws for who does not speak for that account
 * @throws NOT_FOUND, TRANSFER_OVER
 */
async function lockAnswerable(
  em: EntityManager,
  by: ActorRef,
  transferId: string,
  mayAnswer: (recipient: Recipient) => void,
): Promise<ProjectTransfer> {
  const known = await em.findOne(ProjectTransfer, { id: transferId });
  if (!known) return fail('NOT_FOUND', { thing: 'offer' });
  mayAnswer(await lockRecipient(em, known.toId, by.id));
  return lockOffer(em, transferId, known.projectId);
}

/**
 * Accepts a project that was offered: from now on its jobs are charged to the account it was offered to. That who
 * offered it may still give it away is decided anew, with the project's members locked.
 * @throws NOT_FOUND (offer, project), TRANSFER_OVER, CONFLICT when the account is suspended
 */
export async function acceptTransfer(
  em: EntityManager,
  by: ActorRef,
  transferId: string,
  may: { answer: (recipient: Recipient) => void; authorizer: Authorizer },
): Promise<Offer> {
  const transfer = await lockAnswerable(em, by, transferId, (recipient) => {
    may.answer(recipient);
    refuseSuspended(recipient.account);
  });
  const project = await findProject(em, transfer.projectId);
  const rights = await may.authorizer.rightsOf(transfer.fromId, project.id);
  const refuse = () => fail('TRANSFER_OVER', { reason: 'who made it may no longer give the project away' });
  if (!rights?.can('projects.transfer') || !rights.holds('owner')) refuse();
  await handOver(em, by, { project, actorId: transfer.toId }, (role) => {
    if (!rights?.holds(role)) refuse();
  });
  return end(em, transfer, 'accepted', by);
}

/** Declines a project that was offered. @throws NOT_FOUND, TRANSFER_OVER */
export async function declineTransfer(
  em: EntityManager,
  by: ActorRef,
  transferId: string,
  may: { answer: (recipient: Recipient) => void },
): Promise<Offer> {
  return end(em, await lockAnswerable(em, by, transferId, may.answer), 'declined', by);
}

/** Takes an offer of the project back. @throws NOT_FOUND, TRANSFER_OVER */
export async function cancelTransfer(
  em: EntityManager,
  by: ActorRef,
  key: { projectId: string; transferId: string },
): Promise<Offer> {
  return end(em, await lockOffer(em, key.transferId, key.projectId), 'cancelled', by);
}

async function end(
  em: EntityManager,
  transfer: ProjectTransfer,
  status: 'accepted' | 'declined' | 'cancelled',
  by: ActorRef,
): Promise<Offer> {
  transfer.resolve(status, by.id, new Date());
  const offer = await describeOffer(em, transfer);
  await tellOfEnd(em, offer, by);
  return offer;
}
