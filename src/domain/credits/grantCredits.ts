import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { Actor } from '../../entities/identity/Actor.ts';
import { fail } from '../../errors.ts';
import { audit } from '../../events/audit.ts';
import type { ActorRef } from '../../views/identity.ts';
import { tellAccount } from './tellAccount.ts';
import { moveCredits } from './moveCredits.ts';

export interface Grant {
  actorId: string;
  /** Below 0 it is a correction, which takes at most what is there and not held. */
  amount: number;
  reason: string;
  /** The same grant under the same key is made once. */
  key?: string | undefined;
}

/**
 * Gives credits to an account, or corrects it downwards; the reason and who did it stay in its history.
 * @returns the id of the line in the history.
 * @throws NOT_FOUND (account), CREDITS_NOT_ENOUGH, CONFLICT when the key was used for another grant.
 */
export async function grantCredits(em: EntityManager, by: ActorRef, grant: Grant): Promise<string> {
  const { actorId, amount, reason } = grant;
  const actor = (await em.findOne(Actor, { id: actorId })) ?? fail('NOT_FOUND', { thing: 'account' });
  const { changeId, isNew } = await moveCredits(em, {
    userId: actorId,
    delta: amount,
    kind: amount > 0 ? 'grant' : 'correction',
    reason,
    authorId: by.id,
    key: `grant:${grant.key ?? uuidv7()}`,
  });
  if (!isNew) return changeId;
  audit(em, {
    action: amount > 0 ? 'grant' : 'correct',
    entityType: 'credits_history',
    entityId: changeId,
    changes: { userId: { new: actorId }, delta: { new: amount }, reason: { new: reason } },
  });
  if (actor.actorType === 'person' && actorId !== by.id)
    await tellAccount(em, {
      userId: actorId,
      type: 'credits.granted',
      title:
        amount > 0 ? `You were given ${amount} credits` : `${-amount} credits were taken from your account`,
      message: reason,
      payload: { changeId, amount },
      cause: `credits:${changeId}`,
    });
  return changeId;
}
