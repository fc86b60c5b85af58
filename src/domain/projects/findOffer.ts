import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { Project } from '../../entities/projects/Project.ts';
import { ProjectTransfer } from '../../entities/projects/ProjectTransfer.ts';
import { fail } from '../../errors.ts';
import type { Offer } from '../../views/transfers.ts';
import { lockMembers } from './changeMember.ts';

const how: Record<string, string> = {
  accepted: 'it was accepted',
  declined: 'it was declined',
  cancelled: 'it was cancelled',
  expired: 'its time is over',
};

/** The names that go with an offer, whoever of them is deleted by now. */
export async function describeOffer(em: EntityManager, transfer: ProjectTransfer): Promise<Offer> {
  const everything = { filters: false } as const;
  const [project, from, to] = [
    await em.findOneOrFail(Project, { id: transfer.projectId }, everything),
    await em.findOneOrFail(Actor, { id: transfer.fromId }, everything),
    await em.findOneOrFail(Actor, { id: transfer.toId }, everything),
  ];
  return { transfer, projectName: project.name, from, to };
}

/**
 * An offer that stands, which nobody else answers until this transaction ends, with the members of its project.
 * @throws NOT_FOUND, TRANSFER_OVER
 */
export async function lockOffer(em: EntityManager, id: string, projectId: string): Promise<ProjectTransfer> {
  await lockMembers(em, projectId);
  const transfer = await em.findOne(
    ProjectTransfer,
    { id, projectId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  if (!transfer) return fail('NOT_FOUND', { thing: 'offer' });
  const status = transfer.statusAt(new Date());
  if (status !== 'pending') fail('TRANSFER_OVER', { reason: how[status] ?? status });
  return transfer;
}
