import type { Readable } from 'node:stream';

/** Bytes read of an answer, at most; the rest is not waited for. */
const mostBytes = 16_384;
const mostCharacters = 1_000;
/** Milliseconds that an answer whose head has come may take for its beginning. */
const patienceMs = 2_000;

/** Plain text without control characters (what a terminal or a log would obey), cut short. */
function toPlainText(bytes: Buffer): string {
  const text = new TextDecoder().decode(bytes);
  return text
    .replaceAll(/[^\P{C}\n\t]/gu, '')
    .slice(0, mostCharacters)
    .toWellFormed();
}

/**
 * The beginning of an answer's body, for people to read. It is never unpacked, so one that is compressed tells
 * nothing. Never fails, and leaves the stream destroyed: what else would come is not wanted.
 */
export async function readExcerpt(body: Readable, encoding: string | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  body.on('error', () => {});
  const timer = setTimeout(() => body.destroy(), patienceMs);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= mostBytes) break;
    }
  } catch {
    // What has come is enough.
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
  if (encoding !== undefined && encoding !== 'identity') return '';
  return toPlainText(Buffer.concat(chunks).subarray(0, mostBytes));
}
