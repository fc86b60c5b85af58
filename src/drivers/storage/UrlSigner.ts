import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed URL allows. */
export interface UrlGrant {
  method: 'GET' | 'PUT';
  key: string;
  /** In seconds since 1970. */
  expires: number;
  contentType: string;
  /** Of an upload, in bytes; null for a download. */
  size: number | null;
  /** Of a download; null for an upload. */
  disposition: 'inline' | 'attachment' | null;
  filename: string | null;
}

export interface SigningKey {
  /** Names the key in URLs. */
  id: string;
  bytes: Buffer;
}

const parameters = {
  GET: ['method', 'expires', 'type', 'disposition', 'filename', 'keyId', 'signature'],
  PUT: ['method', 'expires', 'type', 'size', 'keyId', 'signature'],
} as const;

/** Everything that is signed, in JSON, so that no two grants are written alike. */
function digest(key: SigningKey, grant: UrlGrant): string {
  const { method, key: name, expires, contentType, size, disposition, filename } = grant;
  const signed = ['v1', key.id, method, name, expires, contentType, size, disposition, filename];
  return createHmac('sha256', key.bytes).update(JSON.stringify(signed)).digest('base64url');
}

const readCount = (text: string | null) => (text && /^\d{1,15}$/.test(text) ? Number(text) : null);

/** The grant as the query writes it, null unless it has each of its parameters once and no other. */
function readGrant(key: string, query: URLSearchParams): UrlGrant | null {
  const method = query.get('method');
  if (method !== 'GET' && method !== 'PUT') return null;
  const names = [...query.keys()];
  if (names.length !== parameters[method].length) return null;
  if (!parameters[method].every((name) => query.has(name))) return null;
  const expires = readCount(query.get('expires'));
  const size = readCount(query.get('size'));
  const disposition = query.get('disposition');
  if (expires === null || (method === 'PUT' && size === null)) return null;
  const isDisposition = disposition === 'inline' || disposition === 'attachment';
  return {
    method,
    key,
    expires,
    contentType: query.get('type') ?? '',
    size,
    disposition: isDisposition ? disposition : null,
    filename: query.get('filename'),
  };
}

/** Signs URLs by HMAC-SHA256 and tells the genuine ones; all that such a URL says is under its signature. */
export class UrlSigner {
  readonly #current: SigningKey;
  readonly #keys: ReadonlyMap<string, SigningKey>;

  /** @param keys the first signs, all of them are accepted, so that keys can be changed. */
  constructor(keys: readonly [SigningKey, ...SigningKey[]]) {
    this.#current = keys[0];
    this.#keys = new Map(keys.map((key) => [key.id, key]));
  }

  /** The query of a URL with this grant. */
  sign(grant: UrlGrant): string {
    const query = new URLSearchParams({
      method: grant.method,
      expires: String(grant.expires),
      type: grant.contentType,
    });
    if (grant.size !== null) query.set('size', String(grant.size));
    if (grant.disposition !== null) query.set('disposition', grant.disposition);
    if (grant.filename !== null) query.set('filename', grant.filename);
    query.set('keyId', this.#current.id);
    query.set('signature', digest(this.#current, grant));
    return query.toString();
  }

  /** What the URL allows at this time (in seconds since 1970); null when it is not genuine, or not any more. */
  verify(key: string, query: URLSearchParams, now: number): UrlGrant | null {
    const grant = readGrant(key, query);
    const signingKey = this.#keys.get(query.get('keyId') ?? '');
    if (!grant || !signingKey) return null;
    const wanted = Buffer.from(digest(signingKey, grant));
    const given = Buffer.from(query.get('signature') ?? '');
    const isGenuine = wanted.length === given.length && timingSafeEqual(wanted, given);
    return isGenuine && now < grant.expires ? grant : null;
  }
}
