import { type StructuredPatchHunk, structuredPatch } from 'diff';
import pLimit from 'p-limit';
import { fail } from '../../errors.ts';
import { countLines } from '../threads/lines.ts';

/** Milliseconds for which a diff may hold up everything else; nearly all take less than one. */
const atOnceMs = 50;
/** Milliseconds and inserted or removed lines for one that is computed in turns, beside other work. */
const inTurns = { timeout: 2_000, maxEditLength: 20_000 };
/** Lines of a text, at most: only splitting more takes longer than a diff may. */
const mostLines = 100_000;
const context = 3;

/** Long diffs take turns with one another too: however many are asked for, they have one share of the processor. */
const oneByOne = pLimit(1);

/**
 * The unified hunks that turn one text into the other (Myers 1986, through `diff`), with three lines of
 * context. @throws DIFF_TOO_LARGE
 */
export async function diffTexts(path: string, before: string, after: string): Promise<StructuredPatchHunk[]> {
  if (Math.max(countLines(before), countLines(after)) > mostLines) fail('DIFF_TOO_LARGE', { path });
  const quick = structuredPatch(path, path, before, after, undefined, undefined, {
    context,
    timeout: atOnceMs,
  });
  const patch = quick ?? (await oneByOne(() => diffInTurns(path, before, after)));
  return (patch ?? fail('DIFF_TOO_LARGE', { path })).hunks;
}

function diffInTurns(path: string, before: string, after: string) {
  return new Promise<ReturnType<typeof structuredPatch>>((resolve) => {
    structuredPatch(path, path, before, after, undefined, undefined, {
      context,
      ...inTurns,
      callback: resolve,
    });
  });
}
