import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, excerpt } from '../../../src/domain/notifications/excerpt.ts';

test('an excerpt is one line of at most 200 characters that can be stored', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (body) => {
      const text = excerpt(body);
      expect(Array.from(text).length).toBeLessThanOrEqual(200);
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toMatch(/[\n\r\t]/);
    }),
  );
});

test('a short text is left whole, and a long one is cut between characters with an ellipsis', () => {
  expect(excerpt('  one\n\n two  ')).toBe('one two');
  expect(excerpt('😀'.repeat(200))).toBe('😀'.repeat(200));
  expect(excerpt('😀'.repeat(201))).toBe(`${'😀'.repeat(199)}…`);
  expect(cut('abcdef', 4)).toBe('abc…');
});
