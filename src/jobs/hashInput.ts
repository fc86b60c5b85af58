import { createHash } from 'node:crypto';

/** Plain data in one spelling: the keys of objects in their order, what JSON leaves out left out. */
function spell(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? 'null'
  );
}

/** SHA-256 of what a segment works on, in hexadecimal: the same for equal data. */
export function hashInput(input: unknown): string {
  return createHash('sha256').update(spell(input)).digest('hex');
}
