import type { EntityManager } from '@mikro-orm/postgresql';
import { fail } from '../../errors.ts';
import { audit } from '../../events/audit.ts';
import type { ActorRef } from '../../views/identity.ts';
import { findThreadState } from './sql/findThreadState.ts';
import { putSubscription } from './sql/putSubscription.ts';

export interface SubscriptionChoice {
  threadId: string;
  state: 'subscribed' | 'muted';
}

/** Follows a thread without having written in it, or wants silence although one has. @throws NOT_FOUND */
export async function chooseSubscription(
  em: EntityManager,
  actor: ActorRef,
  { projectId, ...choice }: SubscriptionChoice & { projectId: string },
): Promise<SubscriptionChoice> {
  const thread = await findThreadState(em, projectId, choice.threadId);
  if (!thread || thread.isDeleted) return fail('NOT_FOUND', { thing: 'thread' });
  if (await putSubscription(em, { ...choice, actorId: actor.id })) {
    const entityId = `${choice.threadId} ${actor.id}`;
    audit(em, {
      action: 'update',
      entityType: 'thread_subscriptions',
      entityId,
      projectId,
      changes: { state: { new: choice.state } },
    });
  }
  return choice;
}
