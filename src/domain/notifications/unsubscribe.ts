import type { SecretBox } from '../../drivers/secrets/SecretBox.ts';

const purpose = 'unsubscribe';
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The link that ends a person's digest mails without signing in: what it names cannot be read from it or changed.
 * It does not run out, for mails are kept for years, and does no more than that.
 * @param publicUrl without a slash at the end
 */
export function unsubscribeUrl(secrets: SecretBox, publicUrl: string, actorId: string): string {
  return `${publicUrl}/unsubscribe?token=${secrets.seal(actorId, purpose)}`;
}

/** Whose mails a token ends; undefined when it is none of ours. */
export function readUnsubscribeToken(secrets: SecretBox, token: string): string | undefined {
  try {
    const actorId = secrets.open(token, purpose);
    return uuid.test(actorId) ? actorId : undefined;
  } catch {
    return undefined;
  }
}
