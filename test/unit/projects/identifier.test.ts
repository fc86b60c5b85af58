import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifierPattern, makeIdentifier } from '../../../src/domain/projects/identifier.ts';

describe('making an identifier from a name', () => {
  test.each([
    ['Hello, World!', 'hello-world'],
    ['  Ünïcödé — Straße & Łódź  ', 'unicode-strasse-lodz'],
    ["Ann's ﬁrst ② project", 'anns-first-2-project'],
    ['Смешно 中文', 'project'],
    ['', 'project'],
    ['---', 'project'],
    ['C++', 'c'],
  ])('%j becomes %s', (name, identifier) => {
    expect(makeIdentifier(name)).toBe(identifier);
  });

  test('a long name is cut without leaving a hyphen at the end', () => {
    expect(makeIdentifier(`${'a'.repeat(59)} b`)).toBe('a'.repeat(59));
    expect(makeIdentifier('word '.repeat(100))).toHaveLength(59);
  });

  test('whatever the name, the result is an identifier, and is its own identifier', () => {
    const name = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-zé -]{50,80}$/));
    fc.assert(
      fc.property(name, (text) => {
        const identifier = makeIdentifier(text);
        expect(identifier).toMatch(identifierPattern);
        expect(makeIdentifier(identifier)).toBe(identifier);
      }),
    );
  });

  test.each(['', '-a', 'a-', 'a--b', 'A', 'a_b', 'a/b', 'a'.repeat(61), 'a\n'])(
    '%j is no identifier',
    (text) => {
      expect(text).not.toMatch(identifierPattern);
    },
  );
});
