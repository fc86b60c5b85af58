import type { EntityManager } from '@mikro-orm/postgresql';
import type { SecretBox } from '../../drivers/secrets/SecretBox.ts';
import { emit } from '../../events/emit.ts';
import { viewWebhook } from '../../views/registry.ts';
import { type WebhookKey, findWebhook } from './findWebhook.ts';
import { type MadeWebhook, makeSecret } from './makeSecret.ts';

/**
 * Replaces the secret. For so many hours the old one signs besides, for receivers that do not know the new one
 * yet; with none, it signs nothing more. @throws NOT_FOUND
 */
export async function rotateSecret(
  em: EntityManager,
  { overlapHours, ...key }: WebhookKey & { overlapHours: number },
  secrets: SecretBox,
): Promise<MadeWebhook> {
  const webhook = await findWebhook(em, key);
  const { secret, sealedSecret } = makeSecret(secrets, webhook.id);
  const isKept = overlapHours > 0;
  webhook.previousSealedSecret = isKept ? webhook.sealedSecret : null;
  webhook.previousSecretUntil = isKept ? new Date(Date.now() + overlapHours * 3600_000) : null;
  webhook.sealedSecret = sealedSecret;
  emit(em, `project:${key.projectId}`, 'webhook.secretRotated', () => viewWebhook(webhook));
  return { webhook, secret };
}
