import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { OrganizationMember } from '../../entities/identity/OrganizationMember.ts';
import { fail } from '../../errors.ts';
import type { OrganizationRole } from '../../views/identity.ts';

/** Who is given a project, and what the caller is in it, where it is an organization. */
export interface Recipient {
  account: Actor;
  role: OrganizationRole | null;
}

/**
 * Locks the account that a project is given to, so that it is neither deleted nor changed in its owners meanwhile.
 * @throws NOT_FOUND
 */
export async function lockRecipient(em: EntityManager, id: string, callerId: string): Promise<Recipient> {
  const account =
    (await em.findOne(Actor, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ??
    fail('NOT_FOUND', { thing: 'actor' });
  if (account.actorType === 'person') return { account, role: null };
  const member = await em.findOne(OrganizationMember, { organizationId: id, actorId: callerId });
  return { account, role: member?.role ?? null };
}
