import { randomBytes } from 'node:crypto';
import type { SecretBox } from '../../drivers/secrets/SecretBox.ts';
import type { Webhook } from '../../entities/registry/Webhook.ts';

/** A webhook and its new secret, which is shown this once. */
export interface MadeWebhook {
  webhook: Webhook;
  secret: string;
}

const contextOf = (webhookId: string) => `webhook:${webhookId}`;

/** As Standard Webhooks has it: `whsec_` and 32 random bytes in base64. */
export function makeSecret(secrets: SecretBox, webhookId: string): { secret: string; sealedSecret: string } {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  return { secret, sealedSecret: secrets.seal(secret, contextOf(webhookId)) };
}

/** The secrets that sign now, the current one first. @throws what `SecretBox.open` does */
export function openSecrets(
  secrets: SecretBox,
  of: { webhookId: string; sealedSecret: string; previousSealedSecret: string | null },
): string[] {
  const sealed = [of.sealedSecret, of.previousSealedSecret].filter((one) => one !== null);
  return sealed.map((one) => secrets.open(one, contextOf(of.webhookId)));
}
