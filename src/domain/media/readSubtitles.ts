import { fail } from '../../errors.ts';
import { decodeText, findReference } from './sniff.ts';

/** Larger texts are no subtitles of anything. */
export const mostSubtitleBytes = 4 * 2 ** 20;

const clock = String.raw`(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[,.](\d{1,3})`;
const arrow = new RegExp(String.raw`^[ \t]*${clock}[ \t]+-->[ \t]+${clock}(?:[ \t]|$)`);
const dialogue = new RegExp(String.raw`^Dialogue:[^,]*,[ \t]*${clock}[ \t]*,[ \t]*${clock}[ \t]*,`);

function toSeconds([hours = '0', minutes = '0', seconds = '0', fraction = '0']: (
  | string
  | undefined
)[]): number {
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction}`);
}

/**
 * Counts the cues of subtitles in SubRip, WebVTT or (Advanced) SubStation Alpha.
 * @returns how many there are, and when the last one ends.
 * @throws MEDIA_HOSTILE when they refer to other files; MEDIA_UNREADABLE without cues, or where one ends before it begins.
 */
export function readSubtitles(
  bytes: Uint8Array,
  contentType: string,
): { cues: number; durationSeconds: number } {
  const unreadable = (reason: string): never => fail('MEDIA_UNREADABLE', { type: contentType, reason });
  const text = decodeText(bytes, true) ?? unreadable('it is no text in UTF-8');
  const reference = findReference(text);
  if (reference !== null) fail('MEDIA_HOSTILE', { found: reference });
  const pattern = contentType === 'text/x-ssa' ? dialogue : arrow;
  let cues = 0;
  let durationSeconds = 0;
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    const times = pattern.exec(line);
    if (!times) continue;
    cues += 1;
    const [start, end] = [toSeconds(times.slice(1, 5)), toSeconds(times.slice(5, 9))];
    if (end < start) unreadable(`its cue ${cues} ends before it begins`);
    durationSeconds = Math.max(durationSeconds, end);
  }
  if (cues === 0) unreadable('it has no cues');
  return { cues, durationSeconds };
}
