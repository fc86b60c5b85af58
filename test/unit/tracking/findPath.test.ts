import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Edge, findPath } from '../../../src/domain/tracking/findPath.ts';

const nodes = ['a', 'b', 'c', 'd', 'e'];
const edges = fc.array(fc.record({ from: fc.constantFrom(...nodes), to: fc.constantFrom(...nodes) }), {
  maxLength: 12,
});

/** The shortest number of steps from one node to each other, by relaxing all edges until nothing changes. */
function distances(all: readonly Edge[], from: string): Map<string, number> {
  const known = new Map([[from, 0]]);
  for (let changed = true; changed;) {
    changed = false;
    for (const edge of all) {
      const steps = (known.get(edge.from) ?? Infinity) + 1;
      if (steps < (known.get(edge.to) ?? Infinity)) {
        known.set(edge.to, steps);
        changed = true;
      }
    }
  }
  return known;
}

test('a way is found exactly when there is one, it follows the edges, and none is shorter', () => {
  fc.assert(
    fc.property(edges, fc.constantFrom(...nodes), fc.constantFrom(...nodes), (all, from, to) => {
      const path = findPath(all, from, to);
      const steps = distances(all, from).get(to);
      expect(path && path.length - 1).toBe(steps);
      if (!path) return;
      expect([path[0], path.at(-1)]).toEqual([from, to]);
      for (const [index, node] of path.slice(1).entries())
        expect(all).toContainEqual({ from: path[index], to: node });
    }),
  );
});
