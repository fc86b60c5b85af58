import type { EntityManager } from '@mikro-orm/postgresql';
import { OrganizationMember } from '../../entities/identity/OrganizationMember.ts';
import { emit } from '../../events/emit.ts';
import { type Offer, viewTransfer } from '../../views/transfers.ts';
import type { ActorRef } from '../../views/identity.ts';
import { tellPerson } from '../notifications/tellPerson.ts';

/** Who answers for an account: the person, or the owners of the organization. */
export async function findSpeakers(em: EntityManager, { id, actorType }: ActorRef): Promise<string[]> {
  if (actorType === 'person') return [id];
  const owners = await em.find(OrganizationMember, { organizationId: id, role: 'owner' });
  return owners.map(({ actorId }) => actorId);
}

/** Tells those who may answer an offer that it was made, and who watches the project. */
export async function tellOfOffer(em: EntityManager, offer: Offer): Promise<void> {
  const { transfer, projectName, from, to } = offer;
  emit(em, `project:${transfer.projectId}`, 'transfer.offered', () => viewTransfer(offer));
  const whom = to.actorType === 'person' ? 'you' : to.name;
  for (const userId of (await findSpeakers(em, to)).toSorted()) {
    await tellPerson(em, {
      userId,
      type: 'transfer.offered',
      title: `${from.name} offers ${whom} the project “${projectName}”`,
      message: `Its jobs are charged to its owner. Accept or decline by ${transfer.expiresAt.toISOString().slice(0, 10)}.`,
      subject: `transfer:${transfer.id}`,
      payload: { transferId: transfer.id, projectId: transfer.projectId, actorId: from.id },
      cause: `transfer.offered:${transfer.id}`,
    });
  }
}

/** Tells who made an offer, unless they ended it themselves, and who watches the project, what became of it. */
export async function tellOfEnd(em: EntityManager, offer: Offer, by: ActorRef): Promise<void> {
  const { transfer, projectName, from } = offer;
  const { status } = transfer;
  emit(em, `project:${transfer.projectId}`, 'transfer.ended', () => viewTransfer(offer));
  if (by.id === from.id) return;
  await tellPerson(em, {
    userId: from.id,
    type: 'transfer.answered',
    title: `${by.name} ${status} your offer of the project “${projectName}”`,
    message:
      status === 'accepted'
        ? 'Its jobs are charged to its new owner from now on.'
        : 'Its owner stays the same.',
    subject: `transfer:${transfer.id}`,
    payload: { transferId: transfer.id, projectId: transfer.projectId, status, actorId: by.id },
    cause: `transfer.ended:${transfer.id}`,
  });
}
