import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commentBody, freeText, line } from '../../../src/routers/freeText.ts';

const faultOf = (schema: ReturnType<typeof freeText>, text: string) =>
  schema.safeParse(text).error?.issues[0]?.message;

const anyText = freeText(1000);

describe('text that people write', () => {
  test('is taken as it is when PostgreSQL can store it, and refused with a reason when it cannot', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const isStorable = text.isWellFormed() && !text.includes('\0');
        expect(anyText.safeParse(text)).toMatchObject(
          isStorable ? { success: true, data: text } : { success: false },
        );
      }),
    );
  });

  test('is measured in bytes of UTF-8', () => {
    expect(faultOf(freeText(4), '😀')).toBeUndefined();
    expect(faultOf(freeText(4), '😀!')).toBe('must be at most 4 bytes in UTF-8');
    expect(faultOf(commentBody, '')).toBe('must not be empty');
    expect(faultOf(freeText(4), '')).toBeUndefined();
  });

  test('says which character it cannot hold', () => {
    expect(faultOf(freeText(4), 'a\0')).toMatch('NUL');
    expect(faultOf(freeText(9), 'a\udc00b')).toMatch('surrogate');
  });
});

describe('a line', () => {
  test('is trimmed, counted in characters as PostgreSQL counts them, and never blank or broken', () => {
    expect(line(3).parse('  abc\n')).toBe('abc');
    expect(faultOf(line(3), '😀😀😀')).toBeUndefined();
    expect(faultOf(line(3), '😀😀😀😀')).toBe('must be at most 3 characters');
    expect(faultOf(line(3), ' \t ')).toBe('must not be empty');
    for (const broken of ['a\nb', 'a\u2028b', 'a\tb', 'a\u0007'])
      expect(faultOf(line(9), broken)).toMatch('single line');
  });
});
