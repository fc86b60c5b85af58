import { fileTypeFromBuffer } from 'file-type';
import { TesseraError } from '../../errors.ts';
import type { MediaFormat } from './formats.ts';

/** Of a file's beginning, what is looked at to tell its type. */
export const sniffedBytes = 65_536;

const timing = String.raw`\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}[ \t]+-->[ \t]+\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}`;
const texts: readonly [kind: string, pattern: RegExp][] = [
  ['vtt', /^WEBVTT(?:[ \t\r\n]|$)/],
  ['ass', /^\s{0,100}(?:;[^\n]{0,500}\n\s{0,100}){0,20}\[Script Info\]/i],
  ['srt', new RegExp(String.raw`^\s{0,100}\d{1,9}[ \t]*\r?\n${timing}`)],
];

/**
 * What only files say that make a player open others. Nothing here looks across lines more than once, so that no text
 * takes long.
 */
const references: readonly [found: string, pattern: RegExp][] = [
  ['an HLS playlist', /^[ \t]*#EXT(?:M3U|-X-|INF)/m],
  ['a concat script', /^[ \t]*ffconcat version/m],
  ['a DASH manifest', /<MPD[\s>]/],
  ['a SMIL or XML document', /<(?:smil|\?xml|!DOCTYPE|asx|SmoothStreamingMedia)[\s>]/i],
  ['a session description', /^v=0\r?\n/],
  ['a playlist', /^[ \t]*\[playlist\]/im],
  ['a style that loads from elsewhere', /(?:url\s*\(|@import)/i],
  ['a link to the files of a project', /^(?:Video|Audio|Keyframes|Timecodes) File:[ \t]*\S/im],
];

/** The first line that says something, of those at the beginning. */
const firstLine = (text: string): string =>
  text
    .slice(0, sniffedBytes)
    .split('\n')
    .find((line) => /^[ \t]*[^\s#;]/.test(line)) ?? '';

/** How a text refers to other files; null when it does not. */
export function findReference(text: string): string | null {
  // In subtitles the word may begin any other line.
  if (/^[ \t]*file[ \t]+\S/.test(firstLine(text))) return 'a concat script';
  return references.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

/** The text of UTF-8; null when it is none. @param isWhole false: it may end within a character. */
export function decodeText(bytes: Uint8Array, isWhole: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/**
 * Whether the beginning of a file is what was announced.
 * @returns null when it is; otherwise why not.
 */
export async function judgeBeginning(
  head: Uint8Array,
  announced: { contentType: string; format: MediaFormat },
): Promise<TesseraError | null> {
  const text = decodeText(head, false);
  const reference = text === null ? null : findReference(text);
  if (reference !== null) return new TesseraError('MEDIA_HOSTILE', { found: reference });
  const kind = text === null ? undefined : texts.find(([, pattern]) => pattern.test(text))?.[0];
  const found =
    kind ?? (await fileTypeFromBuffer(head))?.mime ?? (text === null ? 'of no known type' : 'text');
  if (announced.format.sniffed.includes(found)) return null;
  return new TesseraError('MEDIA_TYPE_MISMATCH', { expected: announced.contentType, found });
}
