import { z } from 'zod';

function findFault(text: string, maxBytes: number, maxCharacters: number): string | undefined {
  if (Buffer.byteLength(text) > maxBytes) return `must be at most ${maxBytes} bytes in UTF-8`;
  if (text.length > maxCharacters) return `must be at most ${maxCharacters} characters`;
  if (text.includes('\0')) return 'must not contain the character NUL (U+0000)';
  if (!text.isWellFormed()) return 'must be well-formed Unicode, without half of a surrogate pair';
  return undefined;
}

/**
 * Text that people write: 1 to `maxBytes` bytes in UTF-8, and nothing in it that PostgreSQL cannot store
 * (NUL, half of a surrogate pair), so that it fails here, with the field's name, and not in the database.
 * @param options.maxCharacters for columns whose length counts characters.
 * @param options.isEmptyAllowed takes '' too.
 */
export function freeText(
  maxBytes: number,
  { maxCharacters = Number.POSITIVE_INFINITY, isEmptyAllowed = false } = {},
): z.ZodString {
  return z.string().check((ctx) => {
    const fault = ctx.value === '' && !isEmptyAllowed ? 'must not be empty' : findFault(ctx.value, maxBytes, maxCharacters);
    if (fault) ctx.issues.push({ code: 'custom', message: fault, input: ctx.value });
  });
}

/** Body of a comment, in Markdown; the column has the same bounds. */
export const commentBody = freeText(65_536);
/** Title of a thread and the like: one line of a varchar(255). */
export const shortTitle = freeText(1020, { maxCharacters: 255 });
