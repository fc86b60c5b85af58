import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countEdits } from '../../../src/views/countEdits.ts';

test('counts letters that are put in, left out, replaced, or swapped with their neighbour', () => {
  for (const [from, to, edits] of [
    ['', '', 0],
    ['title', 'title', 0],
    ['title', '', 5],
    ['title', 'titel', 1],
    ['title', 'tile', 1],
    ['title', 'titles', 1],
    ['title', 'tidle', 1],
    ['accession', 'acession', 1],
    ['krater', 'amphora', 6],
    ['ca', 'abc', 3],
    ['naïve 😀', 'naive 😀', 1],
  ] as const)
    expect(countEdits(from, to), `${from} → ${to}`).toBe(edits);
});

test('is the same in both directions, and never more than the longer word has letters', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const edits = countEdits(a, b);
      expect(edits).toBe(countEdits(b, a));
      expect(edits === 0).toBe(a === b);
      expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(edits).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
});
