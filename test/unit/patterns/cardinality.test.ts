import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cardinalityOf,
  isRepeatable,
  isRequired,
  readCardinality,
} from '../../../src/domain/patterns/cardinality.ts';
import { parseCardinality } from '../../../src/domain/patterns/import/readCardinalities.ts';
import { cardinalities } from '../../../src/entities/patterns/compositionColumns.ts';

const sign = fc.constantFrom(...cardinalities);
const bounds = { '1': [1, 1], '?': [0, 1], '+': [1, 9], '*': [0, 9] } as const;

describe('a cardinality', () => {
  test.each(cardinalities)('%s means by its bounds what it is said to mean', (one) => {
    const [least, most] = bounds[one];
    expect(isRequired(one)).toBe(least > 0);
    expect(isRepeatable(one)).toBe(most > 1);
  });

  test('and its two answers are one another’s inverse', () => {
    fc.assert(
      fc.property(fc.record({ required: fc.boolean(), repeatable: fc.boolean() }), (answers) => {
        const one = cardinalityOf(answers);
        expect({ required: isRequired(one), repeatable: isRepeatable(one) }).toEqual(answers);
      }),
    );
    expect(
      new Set(
        cardinalities.map((one) =>
          cardinalityOf({ required: isRequired(one), repeatable: isRepeatable(one) }),
        ),
      ),
    ).toEqual(new Set(cardinalities));
  });

  test('is read as it was said, and contradicted only by the opposite', () => {
    fc.assert(
      fc.property(sign, fc.option(fc.boolean(), { nil: undefined }), (cardinality, required) => {
        const read = readCardinality({ cardinality, required });
        if (required === undefined || required === isRequired(cardinality))
          expect(read).toEqual({ cardinality, required: isRequired(cardinality) });
        else expect(read).toBeUndefined();
      }),
    );
  });

  test.each([
    [undefined, '*', false],
    [false, '*', false],
    [true, '+', true],
  ])('that is left out with required %s is %s', (required, cardinality, isNeeded) => {
    expect(readCardinality({ required })).toEqual({ cardinality, required: isNeeded });
  });

  test.each([
    ['1', '1'],
    [' 0..1 ', '?'],
    ['0..N', '*'],
    ['1 .. *', '+'],
    ['2', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('written %j is %s', (text, expected) => {
    expect(parseCardinality(text)).toBe(expected);
  });
});
