/**
 * Lines of a text file, counted as git counts them: a line ends at LF, a CR before that LF belongs to the
 * ending, and a last line without an ending is a line. An empty text has no line.
 */

/** The lines of a text without their endings. */
export function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.split(/\r?\n/);
  if (text.endsWith('\n')) lines.pop();
  return lines;
}

/** How many lines a text has; 0 for an empty text. */
export function countLines(text: string): number {
  if (text === '') return 0;
  let count = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/**
 * Lines `start` to `end` of a text (1-based, both inclusive), joined by LF without a trailing one.
 * Whatever part of the range lies outside the text is left out.
 */
export function sliceLines(text: string, start: number, end: number): string {
  return splitLines(text)
    .slice(Math.max(0, start - 1), Math.max(0, end))
    .join('\n');
}
