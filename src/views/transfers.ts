import { z } from 'zod';
import type { ProjectTransfer } from '../entities/projects/ProjectTransfer.ts';
import { moment, uuid } from './columns.ts';
import { type ActorRef, actorRef, viewActorRef } from './identity.ts';

export const transferView = z.object({
  id: uuid,
  projectId: uuid,
  projectName: z.string(),
  /** Who offered the project. */
  from: actorRef,
  /** To whom: a person, or an organization, for which its owners answer. */
  to: actorRef,
  status: z.enum(['pending', 'accepted', 'declined', 'cancelled', 'expired']),
  expiresAt: moment,
  createdAt: moment,
  resolvedAt: moment.nullable(),
});
export type TransferView = z.infer<typeof transferView>;

/** An offer with what names it. */
export interface Offer {
  transfer: ProjectTransfer;
  projectName: string;
  from: ActorRef;
  to: ActorRef;
}

export function viewTransfer({ transfer, projectName, from, to }: Offer): TransferView {
  return {
    id: transfer.id,
    projectId: transfer.projectId,
    projectName,
    from: viewActorRef(from),
    to: viewActorRef(to),
    status: transfer.status,
    expiresAt: transfer.expiresAt,
    createdAt: transfer.createdAt,
    resolvedAt: transfer.resolvedAt ?? null,
  };
}
