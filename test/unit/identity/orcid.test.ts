import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isValidOrcid } from '../../../src/domain/identity/orcid.ts';

/** ISO 7064's own definition: the characters, weighted by powers of 2, add up to 1 modulo 11. */
function isCongruent(orcid: string): boolean {
  const values = orcid
    .replaceAll('-', '')
    .split('')
    .map((character) => (character === 'X' ? 10 : Number(character)));
  return values.reduce((total, value, index) => (total + value * 2 ** (15 - index)) % 11, 0) === 1;
}

describe('ORCID iDs', () => {
  test.each(['0000-0002-1825-0097', '0000-0001-5109-3700', '0000-0002-1694-233X'])('%s is one', (orcid) => {
    expect(isValidOrcid(orcid)).toBe(true);
  });

  test.each([
    '0000-0002-1825-0098',
    '0000-0002-1694-233x',
    '0000000218250097',
    'https://orcid.org/0000-0002-1825-0097',
    '0000-0002-1825-0097\n',
    '٠٠٠٠-٠٠٠٢-١٨٢٥-٠٠٩٧',
    '',
  ])('%j is none', (text) => {
    expect(isValidOrcid(text)).toBe(false);
  });

  test('exactly one check character fits fifteen digits, and any single wrong digit is seen', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{4}-\d{4}-\d{4}-\d{3}$/),
        fc.nat(14),
        fc.nat(9),
        (start, at, digit) => {
          const fitting = '0123456789X'
            .split('')
            .map((check) => start + check)
            .filter(isValidOrcid);
          expect(fitting).toHaveLength(1);
          const orcid = fitting[0]!;
          expect(isCongruent(orcid)).toBe(true);
          const index = at + Math.floor(at / 4);
          fc.pre(orcid[index] !== String(digit));
          expect(isValidOrcid(orcid.slice(0, index) + digit + orcid.slice(index + 1))).toBe(false);
        },
      ),
    );
  });
});
