import { z } from 'zod';

const maxCharacters = 16_384;
/** What PostgreSQL's jsonb refuses: NUL, and halves of surrogate pairs (which JSON.stringify escapes). */
const notForJsonb = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Whether a value is JSON, and of a size worth writing out; stops as soon as it is not, however large it is. */
function isSmallJson(root: unknown): boolean {
  const waiting = [root];
  let weight = 0;
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    weight += typeof value === 'string' ? value.length + 1 : 1;
    if (weight > maxCharacters) return false;
    if (value === null || typeof value === 'string' || typeof value === 'boolean') continue;
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return false;
    } else if (Array.isArray(value)) {
      if (value.length > maxCharacters || value.includes(undefined)) return false;
      waiting.push(...(value as unknown[]));
    } else if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
      for (const key in value) {
        weight += key.length + 1;
        if (weight > maxCharacters) return false;
        const inner = (value as Record<string, unknown>)[key];
        if (inner === undefined) return false;
        waiting.push(inner);
      }
    } else return false;
  }
  return true;
}

/** Free data of the owner's: a JSON object, up to 16,384 characters of it. */
export const metadata = z
  .custom<Record<string, z.core.util.JSONType>>(
    (data) => typeof data === 'object' && data !== null && !Array.isArray(data) && isSmallJson(data),
    'A JSON object, at most 16,384 characters.',
  )
  .refine((data) => JSON.stringify(data).length <= maxCharacters, 'At most 16,384 characters as JSON.')
  .refine((data) => !notForJsonb.test(JSON.stringify(data)), 'It holds characters that cannot be stored.');
