const maxKeyLength = 512;
const segment = /^[A-Za-z0-9._-]{1,200}$/;

function isSegment(text: string): boolean {
  return segment.test(text) && text !== '.' && text !== '..';
}

/**
 * Throws TypeError unless the key is one or more segments of `A–Z a–z 0–9 . _ -` joined by `/`, none of them
 * `.` or `..`: so a key is at once a safe relative path, an S3 key, and a part of a URL without escapes.
 */
export function checkKey(key: string): void {
  if (key.length > maxKeyLength || !key.split('/').every(isSegment)) {
    throw new TypeError(`not a storage key: ${JSON.stringify(key.slice(0, 100))}`);
  }
}

/** Throws TypeError unless a key could start with the prefix. The empty one stands for all keys. */
export function checkPrefix(prefix: string): void {
  const parts = prefix.split('/');
  const last = parts.pop() ?? '';
  const isLastFine = last === '' || last === '.' || last === '..' || isSegment(last);
  if (prefix.length > maxKeyLength || !parts.every(isSegment) || !isLastFine) {
    throw new TypeError(`not a prefix of storage keys: ${JSON.stringify(prefix.slice(0, 100))}`);
  }
}

/**
 * The key of a content-addressed blob. One level of 256 folders: with a second level of 65,536, storing
 * 10,000 blobs spends its time making folders (1–2 s against 0.15 s), and 40,000 files a folder (ten million
 * blobs) are nothing to the usual file systems. Throws TypeError for what is not a SHA-256 in hexadecimal.
 */
export function blobKey(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('not a SHA-256 in lower-case hexadecimal');
  return `blobs/${sha256.slice(0, 2)}/${sha256}`;
}

/** The SHA-256 that a blob's key was made from, null for any other key. */
export function readBlobKey(key: string): string | null {
  const sha256 = key.slice('blobs/xx/'.length);
  return /^[0-9a-f]{64}$/.test(sha256) && key === blobKey(sha256) ? sha256 : null;
}
