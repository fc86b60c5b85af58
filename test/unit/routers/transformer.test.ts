import fc from 'fast-check';
import { SuperJSON } from 'superjson';
import { describe, expect, test } from 'vitest';
import { stringifyOutput, transformer } from '../../../src/routers/transformer.ts';

const { output } = transformer;
const reference = new SuperJSON();

const key = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('id', 'createdAt', 'author', 'a.b', '', '0', '10', 'toString') },
  fc.string().filter((text) => !['__proto__', 'constructor', 'prototype', 'toJSON'].includes(text)),
  fc.constantFrom('back\\slash', '\\.', '"', 'line\n', '\uD800', '😀', 'é'),
);
const plainLeaf = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.date({ noInvalidDate: true }),
);
const otherLeaf = fc.oneof(
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
  fc.bigInt(),
  fc.array(fc.integer()).map((list) => new Set(list)),
  fc.date({ noInvalidDate: true }).map((date) => new Map([['x', date]])),
  fc.constant(/a/g),
  fc.webUrl().map((url) => new URL(url)),
);

/** Trees of fresh objects (nothing shared), with and without Object.prototype. */
function makeTrees(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('tree'), { maxLength: 5 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
    ),
  })).tree;
}

describe('what is written', () => {
  test('is, for plain data, exactly what superjson writes', () => {
    fc.assert(
      fc.property(makeTrees(plainLeaf), (tree) => {
        const expected = reference.serialize(tree);
        expect(output.serialize(tree)).toStrictEqual(expected);
        expect(JSON.parse(stringifyOutput(tree))).toStrictEqual(JSON.parse(JSON.stringify(expected)));
      }),
      { numRuns: 500 },
    );
  });

  test('is read back by superjson as the same value, for any kind of value', () => {
    fc.assert(
      fc.property(makeTrees(fc.oneof({ weight: 5, arbitrary: plainLeaf }, otherLeaf)), (tree) => {
        const expected = reference.deserialize(JSON.parse(JSON.stringify(reference.serialize(tree))));
        expect(reference.deserialize(JSON.parse(stringifyOutput(tree)))).toStrictEqual(expected);
        expect(reference.deserialize(JSON.parse(JSON.stringify(output.serialize(tree))))).toStrictEqual(
          expected,
        );
        expect(output.deserialize(output.serialize(tree))).toStrictEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('dates are written as toISOString writes them, in any year', () => {
    const anyDate = fc.oneof(
      fc.date({ noInvalidDate: true }),
      fc.date({ noInvalidDate: true, min: new Date(-8.64e15), max: new Date(8.64e15) }),
      fc
        .constantFrom(-62_167_219_200_000, 253_402_300_799_999, 253_402_300_800_000, -1, 0)
        .map((n) => new Date(n)),
      fc
        .constantFrom('2000-02-29', '1900-03-01', '2100-02-28', '1999-12-31', '1000-01-01')
        .map((d) => new Date(d)),
    );
    fc.assert(
      fc.property(fc.array(anyDate), (dates) => {
        expect(output.serialize(dates).json).toStrictEqual(dates.map((date) => date.toISOString()));
      }),
      { numRuns: 500 },
    );
  });

  test('an object that occurs twice is written twice and read back as two equal ones', () => {
    const author = { id: 1, since: new Date(0) };
    const value = { a: author, b: [author, author.since] };
    expect(output.serialize(value).meta).not.toHaveProperty('referentialEqualities');
    expect(reference.deserialize(output.serialize(value))).toStrictEqual(value);
  });

  test('a cycle, a class instance, an error or a hole in a list is written as superjson writes it', () => {
    const cycle: Record<string, unknown> = { at: new Date(0) };
    cycle['self'] = cycle;
    class Point {
      x = 1;
    }
    class Later extends Date {}
    const holed: unknown[] = [1];
    holed[2] = new Date(0);
    const odd = [
      cycle,
      holed,
      [new Point()],
      [new Error('x')],
      [Symbol('s')],
      [new Later(0)],
      [new Date('?')],
    ];
    for (const value of [...odd, undefined, 'text', 5n, new Date(0), null, Number.NaN]) {
      expect(output.serialize(value)).toStrictEqual(reference.serialize(value));
      expect(stringifyOutput(value)).toBe(JSON.stringify(reference.serialize(value)));
    }
  });

  test('deep nesting is written, however deep superjson itself gets', () => {
    let deep: unknown = new Date(0);
    for (let n = 0; n < 200; n++) deep = n % 2 ? [deep] : { 'in.ner': deep };
    expect(output.serialize(deep)).toStrictEqual(reference.serialize(deep));
  });

  test.each(['constructor', 'prototype', '__proto__'])('a key %s is refused, as by superjson', (name) => {
    const value = { list: [Object.fromEntries([[name, 1]])] };
    expect(() => output.serialize(value)).toThrow(/prototype pollution/);
    expect(() => stringifyOutput(value)).toThrow(/prototype pollution/);
  });

  test('the value that was written is left as it was', () => {
    const date = new Date(0);
    const value = Object.freeze({ date, list: Object.freeze([date, undefined]) });
    output.serialize(value);
    stringifyOutput(value);
    expect(value).toStrictEqual({ date, list: [date, undefined] });
  });
});
