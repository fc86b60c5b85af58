import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { fail } from '../../errors.ts';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts what must be read again and must not be readable in the database: AES-256-GCM (NIST SP 800-38D)
 * with a random 96-bit nonce. What is stored is `v1.<key id>.<nonce, ciphertext and tag in base64url>`.
 */
export class SecretBox {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #currentId: string;

  /** @param keys of 32 bytes each; the first encrypts, all of them decrypt, so that keys can be changed. */
  constructor(keys: readonly [Buffer, ...Buffer[]]) {
    const named = keys.map((key) => [keyIdOf(key), key] as const);
    this.#keys = new Map(named);
    this.#currentId = keyIdOf(keys[0]);
  }

  /** @param context what the secret belongs to (`webhook:<id>`): it can be opened only as that. */
  seal(secret: string, context: string): string {
    const iv = randomBytes(ivBytes);
    const sealing = createCipheriv(cipher, this.#keyOf(this.#currentId), iv, { authTagLength: tagBytes });
    sealing.setAAD(Buffer.from(context));
    const sealed = [iv, sealing.update(secret, 'utf8'), sealing.final(), sealing.getAuthTag()];
    return `v1.${this.#currentId}.${Buffer.concat(sealed).toString('base64url')}`;
  }

  /** What `seal` was given. @throws SECRET_KEY_MISSING; an Error when it was changed, or belongs to something else */
  open(sealed: string, context: string): string {
    const [, keyId = '', content = ''] = sealed.split('.');
    const bytes = Buffer.from(content, 'base64url');
    const opening = createDecipheriv(cipher, this.#keyOf(keyId), bytes.subarray(0, ivBytes), {
      authTagLength: tagBytes,
    });
    opening.setAAD(Buffer.from(context));
    opening.setAuthTag(bytes.subarray(-tagBytes));
    return opening.update(bytes.subarray(ivBytes, -tagBytes), undefined, 'utf8') + opening.final('utf8');
  }

  /**
   * Keys for another purpose than sealing (HKDF, RFC 5869), with the ids of those they come from: whoever
   * learns one learns nothing of the others. The first is the one to use, the rest are still to be accepted.
   */
  deriveKeys(purpose: string): [{ id: string; bytes: Buffer }, ...{ id: string; bytes: Buffer }[]] {
    const derive = (id: string) => ({
      id,
      bytes: Buffer.from(hkdfSync('sha256', this.#keyOf(id), '', purpose, 32)),
    });
    const others = [...this.#keys.keys()].filter((id) => id !== this.#currentId);
    return [derive(this.#currentId), ...others.map(derive)];
  }

  #keyOf(keyId: string): Buffer {
    return this.#keys.get(keyId) ?? fail('SECRET_KEY_MISSING', { keyId });
  }
}

/** Names a key without telling anything of it: eight hexadecimal digits of its SHA-256. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
