import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Webhook } from '../../entities/registry/Webhook.ts';
import { emit } from '../../events/emit.ts';
import { viewWebhook } from '../../views/registry.ts';
import { failPending } from './sql/failPending.ts';

/**
 * Switches a webhook off because its address is gone or has failed for days; its people are told by a follower
 * of the log. What waits for it is not sent. One that is off already, or deleted, stays as it is.
 */
export async function disableWebhook(
  em: EntityManager,
  webhookId: string,
  reason: 'gone' | 'failing',
): Promise<void> {
  const webhook = await em.findOne(
    Webhook,
    { id: webhookId, active: true },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!webhook) return;
  webhook.active = false;
  webhook.disabledReason = reason;
  await failPending(em, webhookId);
  emit(em, `project:${webhook.projectId}`, 'webhook.disabled', () => viewWebhook(webhook));
}
