import { createHash } from 'node:crypto';

/** What makes two texts the same for an import: compatibility forms (Unicode's NFKC), case and white space do not. */
export function normalizeText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim();
}

/** MD5 (RFC 1321) of values, in lower-case hexadecimal; to tell rows apart, not to keep anything safe. */
export function md5Of(values: unknown): string {
  return createHash('md5').update(JSON.stringify(values)).digest('hex');
}
