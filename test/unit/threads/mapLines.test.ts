import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapLines } from '../../../src/domain/threads/mapLines.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', '}', ''), { maxLength: 30 });

/** Two versions that have nothing to do with each other, or of which one came from the other by one edit. */
const versions = fc.oneof(
  fc.tuple(lines, lines),
  fc
    .tuple(lines, fc.nat(30), fc.nat(5), lines)
    .map(
      ([before, at, removed, added]) =>
        [before, before.toSpliced(at, removed, ...added.slice(0, 5))] as const,
    ),
);

/** Length of a longest common subsequence, by the textbook table. */
function countCommon(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, () => 0);
  for (const line of a) {
    const next = [0];
    for (const [n, other] of b.entries()) {
      next.push(line === other ? row[n]! + 1 : Math.max(row[n + 1]!, next[n]!));
    }
    row = next;
  }
  return row.at(-1)!;
}

describe('mapping lines between two versions', () => {
  test('pairs equal lines in rising order, and as many as can be paired', () => {
    fc.assert(
      fc.property(versions, ([before, after]) => {
        const map = [...mapLines(before, after)!];
        expect(map).toHaveLength(before.length);
        const pairs = [...map.entries()].filter(([, target]) => target !== -1);
        for (const [index, target] of pairs) expect(after[target]).toBe(before[index]);
        const targets = pairs.map(([, target]) => target);
        expect(targets).toEqual([...new Set(targets)].sort((a, b) => a - b));
        expect(pairs).toHaveLength(countCommon(before, after));
      }),
    );
  });

  test('a file that was rewritten whole maps nowhere', () => {
    expect([...mapLines(['a', 'b'], ['c', 'd', 'e'])!]).toEqual([-1, -1]);
  });

  test('a pair made to be slow is given up on, quickly', () => {
    const before = Array.from({ length: 150_000 }, (_, n) => 'ab'[n % 2]!);
    const after = Array.from({ length: 150_000 }, (_, n) => 'aab'[n % 3]!);
    expect(mapLines(before, after)).toBeUndefined();
  });
});
