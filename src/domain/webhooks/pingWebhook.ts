import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { fail } from '../../errors.ts';
import { composePing } from './composeMessage.ts';
import { pingType } from './eventTypes.ts';
import { type WebhookKey, findActiveWebhook } from './findWebhook.ts';
import { countPings } from './sql/countPings.ts';
import { insertDeliveries } from './sql/insertDeliveries.ts';
import { wakeSenders } from './wakeSenders.ts';

/** Pings of one webhook within a minute. */
const mostPings = 10;

/**
 * Has a test message sent, once and at once. @returns the id of its delivery.
 * @throws NOT_FOUND, WEBHOOK_INACTIVE, TOO_MANY_REQUESTS
 */
export async function pingWebhook(em: EntityManager, key: WebhookKey, actorId: string): Promise<string> {
  const webhook = await findActiveWebhook(em, key);
  if ((await countPings(em, webhook.id)) >= mostPings) fail('TOO_MANY_REQUESTS', { seconds: 60 });
  const id = uuidv7();
  await insertDeliveries(em, [
    {
      id,
      webhookId: webhook.id,
      eventStream: `ping:${id}`,
      eventSeq: 0,
      eventType: pingType,
      body: composePing(webhook, actorId, new Date()),
    },
  ]);
  wakeSenders(em);
  return id;
}
