import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SecretBox } from '../../drivers/secrets/SecretBox.ts';

export interface UploadGrant {
  mediaId: string;
  expiresAt: Date;
}

const pattern = /^([0-9a-f-]{36})\.(\d{1,15})\.([0-9a-f]{8})\.([\w-]{43})$/;

/** Signs and checks what the URL of a resumable upload carries: which file, and until when, under HMAC-SHA256. */
export class UploadTokens {
  readonly #keys: ReturnType<SecretBox['deriveKeys']>;

  constructor(secrets: SecretBox) {
    this.#keys = secrets.deriveKeys('resumable uploads');
  }

  sign({ mediaId, expiresAt }: UploadGrant): string {
    const [{ id, bytes }] = this.#keys;
    const said = `${mediaId}.${expiresAt.getTime()}.${id}`;
    return `${said}.${createHmac('sha256', bytes).update(said).digest('base64url')}`;
  }

  /** What it allows at this moment; null when it is not genuine, or not any more. */
  verify(token: string, now: Date): UploadGrant | null {
    const [, mediaId = '', expires = '', keyId = '', signature = ''] = pattern.exec(token) ?? [];
    const key = this.#keys.find(({ id }) => id === keyId);
    if (!key) return null;
    const expected = createHmac('sha256', key.bytes).update(`${mediaId}.${expires}.${keyId}`).digest();
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const expiresAt = new Date(Number(expires));
    return now < expiresAt ? { mediaId, expiresAt } : null;
  }
}
