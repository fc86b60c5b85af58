/**
 * Signatures of webhooks, both ways, as Standard Webhooks has them (symmetric, `v1`): HMAC-SHA-256 over
 * `id.timestamp.body`, in base64. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const prefix = 'whsec_';
/** How far the sender's clock may be from ours, and how long a message that was overheard can be sent again. */
const toleranceSeconds = 5 * 60;
/** More signatures than any rotation needs would only cost time. */
const mostSignatures = 16;

/** What is signed of a message. */
export interface SignedMessage {
  /** `webhook-id`: the same for every attempt to deliver the message. */
  id: string;
  /** `webhook-timestamp`: whole seconds since 1970, of this attempt. */
  timestamp: number;
  /** The very bytes of the body; a string stands for its UTF-8. */
  body: Uint8Array | string;
}

function digest(key: Uint8Array, { id, timestamp, body }: SignedMessage): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}

/** The key in a secret: the base64 after `whsec_`, or else the secret's own bytes. */
function keyOf(secret: string): Buffer {
  return secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);
}

/**
 * The value of `webhook-signature`: one signature for each secret, so that receivers can change over while
 * a secret is rotated.
 * @param secrets `whsec_…` each, the current one first.
 */
export function signWebhook(secrets: readonly string[], message: SignedMessage): string {
  return secrets.map((secret) => `v1,${digest(keyOf(secret), message).toString('base64')}`).join(' ');
}

/** The headers of a message that came in; several values of one name count as none. */
export type WebhookHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * What is to be thought of a message: `incomplete` has not the three headers, `forged` has no signature by any
 * of the secrets, `stale` was signed more than five minutes ago or ahead.
 */
export type WebhookVerdict =
  | { is: 'genuine'; id: string; timestamp: number }
  | { is: 'incomplete' | 'forged' | 'stale' };

function readHeader(headers: WebhookHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Compares in a time that tells nothing about what was expected. */
function matches(signature: string, expected: readonly Buffer[]): boolean {
  const [version, encoded = ''] = signature.split(',');
  const given = Buffer.from(encoded, 'base64');
  if (version !== 'v1' || given.toString('base64') !== encoded) return false;
  return expected.some((own) => own.length === given.length && timingSafeEqual(own, given));
}

/**
 * Judges a message by its headers and the bytes of its body. A secret `whsec_…` may have been meant as base64
 * or as it stands, for senders do either: both count.
 * @param headers by names in lower case, as node:http gives them.
 * @param now milliseconds since 1970.
 */
export function verifyWebhook(
  secrets: readonly string[],
  headers: WebhookHeaders,
  body: Uint8Array | string,
  now: number = Date.now(),
): WebhookVerdict {
  const id = readHeader(headers, 'webhook-id');
  const sentAt = readHeader(headers, 'webhook-timestamp');
  const signatures = readHeader(headers, 'webhook-signature');
  if (!id || !signatures || !sentAt || !/^\d{1,12}$/.test(sentAt)) return { is: 'incomplete' };
  const timestamp = Number(sentAt);
  const keys = secrets.flatMap((secret) =>
    secret.startsWith(prefix) ? [keyOf(secret), Buffer.from(secret)] : [keyOf(secret)],
  );
  // A key of no bytes would be known to everyone.
  const expected = keys.filter((key) => key.length > 0).map((key) => digest(key, { id, timestamp, body }));
  const isSigned = signatures
    .split(' ')
    .slice(0, mostSignatures)
    .some((signature) => matches(signature, expected));
  if (!isSigned) return { is: 'forged' };
  return Math.abs(now / 1000 - timestamp) > toleranceSeconds
    ? { is: 'stale' }
    : { is: 'genuine', id, timestamp };
}
