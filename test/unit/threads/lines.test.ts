import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countLines, sliceLines, splitLines } from '../../../src/domain/threads/lines.ts';

const text = fc
  .array(fc.constantFrom('a', 'b c', '', '\n', '\r\n', '\n\n', '\r'))
  .map((parts) => parts.join(''));

describe('lines of a file', () => {
  test('a trailing newline ends the last line and does not begin another', () => {
    expect(countLines('a\nb')).toBe(2);
    expect(countLines('a\nb\n')).toBe(2);
    expect(countLines('\n')).toBe(1);
    expect(countLines('')).toBe(0);
  });

  test('a CR before the LF is no part of the line, and a CR alone ends none', () => {
    expect(splitLines('a\r\nb\r\n')).toEqual(['a', 'b']);
    expect(splitLines('a\rb')).toEqual(['a\rb']);
  });

  test('a slice is 1-based, inclusive, and holds what of the range exists', () => {
    expect(sliceLines('a\r\nb\nc', 2, 3)).toBe('b\nc');
    expect(sliceLines('a\nb\n', 2, 9)).toBe('b');
    expect(sliceLines('a\nb\n', -3, 1)).toBe('a');
    expect(sliceLines('a\nb\n', 3, 3)).toBe('');
  });

  test('counting agrees with splitting, and the slice of all lines is all lines', () => {
    fc.assert(
      fc.property(text, (content) => {
        const lines = splitLines(content);
        expect(countLines(content)).toBe(lines.length);
        expect(sliceLines(content, 1, lines.length)).toBe(lines.join('\n'));
      }),
    );
  });
});
