import { z } from 'zod';

/** What PostgreSQL cannot store as text, or not as part of a JSON value. */
function findUnstorable(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the character NUL (U+0000)';
  if (!text.isWellFormed()) return 'must be well-formed Unicode, without half of a surrogate pair';
  return undefined;
}

function checked(schema: z.ZodString, findFault: (text: string) => string | undefined): z.ZodString {
  return schema.check((ctx) => {
    const message = findUnstorable(ctx.value) ?? findFault(ctx.value);
    if (message) ctx.issues.push({ code: 'custom', message, input: ctx.value });
  });
}

/**
 * Text that people write, of `minBytes` (0 if left out) to `maxBytes` bytes in UTF-8, without what PostgreSQL
 * cannot store: it fails here, with the field's name, and not in the database.
 */
export function freeText(maxBytes: number, minBytes = 0): z.ZodString {
  return checked(z.string(), (text) => {
    const bytes = Buffer.byteLength(text);
    if (bytes < minBytes)
      return minBytes === 1 ? 'must not be empty' : `must be at least ${minBytes} bytes in UTF-8`;
    return bytes > maxBytes ? `must be at most ${maxBytes} bytes in UTF-8` : undefined;
  });
}

/** A name or title: one line of 1 to `maxCharacters` characters, white space around it left out. */
export function line(maxCharacters: number): z.ZodString {
  return checked(z.string().trim(), (text) => {
    if (text === '') return 'must not be empty';
    // Counted as PostgreSQL's varchar counts: by code point.
    if (text.length > maxCharacters && Array.from(text).length > maxCharacters)
      return `must be at most ${maxCharacters} characters`;
    return /[\p{Cc}\u2028\u2029]/u.test(text)
      ? 'must be a single line without control characters'
      : undefined;
  });
}

/** Body of a comment, in Markdown; the column has the same bounds. */
export const commentBody = freeText(65_536, 1);
