import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffParts } from '../../../src/domain/patterns/diffParts.ts';

interface Part {
  id: number;
  order: number;
}

const parts = fc
  .uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 10 })
  .map((ids) => ids.map((id, order) => ({ id, order })));
const isSame = (a: Part, b: Part) => a.order === b.order;
const diff = (before: Part[], after: Part[]) => diffParts(before, after, (part) => String(part.id), isSame);

test('what is taken away and written makes the one composition of the other', () => {
  fc.assert(
    fc.property(parts, parts, (before, after) => {
      const { gone, put } = diff(before, after);
      const result = new Map(before.map((part) => [part.id, part]));
      for (const part of gone) result.delete(part.id);
      for (const part of put) result.set(part.id, part);
      expect([...result.values()].toSorted((a, b) => a.order - b.order)).toEqual(after);
    }),
  );
});

test('nothing is written that stands as it stood', () => {
  fc.assert(
    fc.property(parts, parts, (before, after) => {
      const { put } = diff(before, after);
      expect(put.filter((part) => before.some((old) => old.id === part.id && isSame(old, part)))).toEqual([]);
      expect(diff(after, after)).toEqual({ gone: [], put: [] });
    }),
  );
});
