import type { LogEvent } from '../../events/watch.ts';
import type { Notice, Surroundings } from './Notice.ts';

const reasons = {
  gone: 'Its receiver answered 410: it wants to hear nothing more.',
  failing: 'Nothing has got through to its receiver for five days.',
} as const;

/** Who is responsible for a webhook, who made it, and the owner of the project hear that it was switched off by itself. */
export function draftWebhook(
  { payload: webhook }: LogEvent<'webhook.disabled'>,
  { ownerId, projectName }: Surroundings,
): Notice[] {
  const people = [webhook.responsibleId, webhook.createdBy, ownerId].filter((id) => id !== null);
  const reason = reasons[webhook.disabledReason ?? 'failing'];
  return Array.from(new Set(people), (userId) => ({
    userId,
    type: 'webhook.disabled',
    title: `A webhook of ${projectName} was switched off`,
    message: `${reason} It went to ${new URL(webhook.url).host}. Mend it, switch it on, and send again what failed.`,
    subject: `webhook:${webhook.id}`,
    payload: { webhookId: webhook.id, reason: webhook.disabledReason },
    permission: 'webhooks.get',
  }));
}
