import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Webhook } from '../../entities/registry/Webhook.ts';
import { fail } from '../../errors.ts';

export interface WebhookKey {
  projectId: string;
  webhookId: string;
}

/** Finds a webhook of a project and keeps others from changing it. @throws NOT_FOUND */
export async function findWebhook(em: EntityManager, { projectId, webhookId }: WebhookKey): Promise<Webhook> {
  const webhook = await em.findOne(
    Webhook,
    { id: webhookId, projectId },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  return webhook ?? fail('NOT_FOUND', { thing: 'webhook' });
}

/** The same, when something is to be sent. @throws NOT_FOUND, WEBHOOK_INACTIVE */
export async function findActiveWebhook(em: EntityManager, key: WebhookKey): Promise<Webhook> {
  const webhook = await findWebhook(em, key);
  return webhook.active ? webhook : fail('WEBHOOK_INACTIVE');
}
