import fc from 'fast-check';
import { SuperJSON } from 'superjson';
import { describe, expect, test } from 'vitest';
import { TesseraError } from '../../../src/errors.ts';
import { transformer } from '../../../src/routers/transformer.ts';
import { startCpuClock } from '../../support/cpuClock.ts';

const superjson = new SuperJSON();

function deserialize(payload: unknown): unknown {
  return transformer.input.deserialize(payload);
}

/** What a client sends for a value. */
function send(value: unknown): unknown {
  return JSON.parse(JSON.stringify(superjson.serialize(value)));
}

function findRefusal(payload: unknown): string | undefined {
  try {
    deserialize(payload);
    return undefined;
  } catch (error) {
    if (error instanceof TesseraError && error.errorCode === 'MALFORMED_REQUEST') return error.message;
    throw error;
  }
}

const leaf = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.date({ noInvalidDate: true }),
  fc.bigInt(),
  fc.webUrl().map((url) => new URL(url)),
);
const key = fc
  .oneof(fc.constantFrom('a', 'a.b', 'c\\', '\\.', '', '0', 'length'), fc.string())
  .filter((text) => !['__proto__', 'constructor', 'prototype', 'toJSON'].includes(text));
const tree = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.array(tie('tree'), { maxLength: 4 }).map((list) => new Set(list)),
    fc.array(fc.tuple(tie('tree'), tie('tree')), { maxLength: 3 }).map((list) => new Map(list)),
    fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
  ),
})).tree;

describe('reading an input', () => {
  test('gives what the client put in', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(deserialize(send(value))).toStrictEqual(superjson.deserialize(send(value) as never));
      }),
      { numRuns: 500 },
    );
  });

  test('one object sent in two places arrives as two equal ones', () => {
    const date = new Date(0);
    expect(deserialize(send({ from: date, to: date, all: [{ date }] }))).toStrictEqual({
      from: date,
      to: date,
      all: [{ date }],
    });
  });

  test('paths of clients before 2.2.5, which do not escape backslashes, are read', () => {
    const at = new Date(0).toISOString();
    expect(deserialize({ json: { 'a.b': at }, meta: { values: { 'a\\.b': ['Date'] } } })).toStrictEqual({
      'a.b': new Date(0),
    });
    expect(deserialize({ json: { 'a\\\\c': at }, meta: { values: { 'a\\\\c': ['Date'] } } })).toStrictEqual({
      'a\\\\c': new Date(0),
    });
  });

  test('nothing sent is undefined', () => {
    expect(deserialize(undefined)).toBeUndefined();
    expect(deserialize({})).toBeUndefined();
    expect(deserialize(send(undefined))).toBeUndefined();
  });
});

describe('a hostile input', () => {
  test.each(['__proto__', 'constructor', 'prototype'])('with a key %s is refused at any depth', (name) => {
    expect(findRefusal(JSON.parse(`{"json":{"a":[{"${name}":{"polluted":1}}]}}`))).toContain(name);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test.each([
    ['__proto__.polluted', { a: 1 }],
    ['constructor.prototype.polluted', { a: 1 }],
    ['a.__proto__.polluted', { a: {} }],
    ['toString', {}],
    ['4000000000', []],
    ['length', [1]],
    ['0.length', ['text']],
    ['a.b', { a: null }],
    ['', 'text'],
  ])('that names %j in its meta, which is not there, is refused and changes nothing', (path, json) => {
    const before = JSON.stringify(json);
    expect(findRefusal({ json, meta: { values: { [path]: ['undefined'] }, v: 1 } })).toContain('not there');
    expect(JSON.stringify(json)).toBe(before);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test.each([
    ['Date', 5],
    ['number', '12'],
    ['bigint', '0x1'],
    ['bigint', '9'.repeat(100_000)],
    ['URL', 'no url'],
    ['set', 'abc'],
    ['map', [1]],
    ['regexp', '/(a+)+$/'],
    ['Error', { message: 'x' }],
    ['constructor', 'x'],
    [['class', 'X'], {}],
    [['typed-array', 'Uint8Array'], [1]],
    [['symbol', 'x'], 'x'],
    [undefined, 'x'],
  ])('that calls something a %j that is none, or is not taken, is refused', (type, json) => {
    expect(findRefusal({ json, meta: { values: [type], v: 1 } })).toContain('its meta');
  });

  test('that would share or tie its objects is read as it stands in the JSON', () => {
    const json = { a: { x: 0 }, b: { x: 0 } };
    const meta = { referentialEqualities: [['a.x'], { b: ['a'] }], v: 1 };
    expect(deserialize({ json, meta })).toStrictEqual({ a: { x: 0 }, b: { x: 0 } });
  });

  test('that is nested too deep is refused', () => {
    expect(findRefusal(JSON.parse(`{"json":${'['.repeat(100_000)}${']'.repeat(100_000)}}`))).toContain(
      'nested',
    );
    const values = JSON.parse(`${'{"":'.repeat(5_000)}["Date"]${'}'.repeat(5_000)}`) as unknown;
    expect(findRefusal({ json: '', meta: { values, v: 1 } })).toBeDefined();
  });

  test.each([[null], [5], ['text'], [[]], [{ json: 1, meta: 5 }], [{ json: 1, meta: { values: 5 } }]])(
    'that is %j is refused',
    (payload) => {
      expect(findRefusal(payload)).toBeDefined();
    },
  );

  test('of a megabyte is answered at once', () => {
    const list = Array.from({ length: 100_000 }, () => ({}));
    const inSet = Object.fromEntries(list.map((_, n) => [`${n}.x`, ['undefined']]));
    const longPath = { ['a.'.repeat(400_000)]: ['Date'] };
    const spent = startCpuClock();
    expect(findRefusal({ json: list, meta: { values: ['set', inSet], v: 1 } })).toBeDefined();
    expect(findRefusal({ json: { a: 1 }, meta: { values: longPath, v: 1 } })).toBeDefined();
    const wide = Object.fromEntries(list.map((_, n) => [String(n), ['undefined']]));
    expect(deserialize({ json: list, meta: { values: ['set', wide], v: 1 } })).toStrictEqual(
      new Set([undefined]),
    );
    expect(spent()).toBeLessThan(3_000);
  });

  test('of any shape is read or refused, and never pollutes a prototype', () => {
    const path = fc
      .array(fc.constantFrom('a', '0', '__proto__', 'constructor', 'x'))
      .map((keys) => keys.join('.'));
    const type = fc.constantFrom('Date', 'set', 'map', 'undefined', 'number', 'class', '__proto__');
    const notes = fc.dictionary(
      path,
      fc.oneof(fc.tuple(type), fc.tuple(type, fc.dictionary(path, fc.tuple(type)))),
    );
    const before = Object.getOwnPropertyNames(Object.prototype).sort();
    fc.assert(
      fc.property(fc.json(), notes, fc.anything(), (json, values, further) => {
        findRefusal({
          json: JSON.parse(json) as unknown,
          meta: { values, v: 1, referentialEqualities: further },
        });
        findRefusal({ json: JSON.parse(json) as unknown, meta: further });
        expect(Object.getOwnPropertyNames(Object.prototype).sort()).toStrictEqual(before);
      }),
    );
  });
});
