import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstFree, identifierOf } from '../../../src/domain/patterns/identifier.ts';

describe('an identifier made from a name', () => {
  test.each([
    ['Place of Birth', 'place-of-birth'],
    ['  E35_Title (crm) ', 'e35-title-crm'],
    ['Größe', 'größe'],
    ['Ｆｕｌｌ', 'full'],
    ['題名', '題名'],
    ["Painter's", 'painters'],
    ['…', 'field'],
    ['', 'field'],
  ])('%j is %s', (name, identifier) => {
    expect(identifierOf(name, 'field')).toBe(identifier);
  });

  test('never is empty, too long, or has white space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (name) => {
        const identifier = identifierOf(name, 'field');
        expect(identifier).toMatch(/^[^\s]+$/u);
        expect(Array.from(identifier).length).toBeLessThanOrEqual(200);
      }),
    );
  });

  test('gets the first number that is free, and keeps to 255 characters', () => {
    expect(firstFree('a', new Set())).toBe('a');
    expect(firstFree('a', new Set(['a', 'a-2', 'a-4']))).toBe('a-3');
    const long = 'x'.repeat(255);
    expect(firstFree(long, new Set([long]))).toBe(`${'x'.repeat(240)}-2`);
  });
});
