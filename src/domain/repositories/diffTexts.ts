import { type StructuredPatchHunk, structuredPatch } from 'diff';
import { fail } from '../../errors.ts';

/** Milliseconds for which a diff may hold up everything else; nearly all take less than one. */
const atOnceMs = 50;
/** Milliseconds and inserted or removed lines for one that is computed in turns, beside other work. */
const inTurns = { timeout: 2_000, maxEditLength: 20_000 };
const context = 3;

/**
 * The unified hunks that turn one text into the other (Myers 1986, through `diff`), with three lines of
 * context. @throws DIFF_TOO_LARGE
 */
export async function diffTexts(path: string, before: string, after: string): Promise<StructuredPatchHunk[]> {
  const patch =
    structuredPatch(path, path, before, after, undefined, undefined, { context, timeout: atOnceMs }) ??
    (await new Promise<ReturnType<typeof structuredPatch>>((resolve) => {
      structuredPatch(path, path, before, after, undefined, undefined, {
        context,
        ...inTurns,
        callback: resolve,
      });
    }));
  return (patch ?? fail('DIFF_TOO_LARGE', { path })).hunks;
}
