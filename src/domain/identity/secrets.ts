/**
 * Opaque secrets. Each holds 32 random bytes, is shown once and kept only as its SHA-256: a fast hash is
 * enough for what cannot be guessed. The prefix says what it is, so that secret scanners find a leaked one.
 */
import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { encodeBase62 } from './base62.ts';

const secretBytes = 32;
const checksumLength = 6;

function makeSecret(prefix: string): string {
  return prefix + encodeBase62(randomBytes(secretBytes));
}

/** CRC-32 of the text before it, in base 62. */
function checksumOf(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return encodeBase62(bytes);
}

/** A new session token: `tss_` and 43 characters of base 62. */
export function makeSessionToken(): string {
  return makeSecret('tss_');
}

/** A new token for a link in a mail (verify an address, reset a password): `tsm_` and 43 characters. */
export function makeMailToken(): string {
  return makeSecret('tsm_');
}

/** A new API key: `tsk_`, 43 characters of base 62, and 6 of checksum, so that a typo is seen offline. */
export function makeApiKey(): string {
  const key = makeSecret('tsk_');
  return key + checksumOf(key);
}

/**
 * Whether a text has the form of an API key and its checksum is right. It says nothing on whether the key
 * was ever given out, but spares the database a look-up for what cannot be one.
 */
export function checkApiKeyFormat(key: string): boolean {
  if (!/^tsk_[0-9A-Za-z]{49}$/.test(key)) return false;
  return checksumOf(key.slice(0, -checksumLength)) === key.slice(-checksumLength);
}

/** What is kept of a secret, and what it is looked up by: its SHA-256, 32 bytes. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** The same in base64, as calls and connections carry it: every connection keeps one, and a Buffer takes four times as much. */
export function hashTokenAsText(token: string): string {
  return hash('sha256', token, 'base64');
}
