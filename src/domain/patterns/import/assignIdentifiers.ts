import { firstFree, identifierOf } from '../identifier.ts';
import type { NewPattern } from './planImport.ts';

/**
 * Gives new patterns their identifiers: the one of their row, or one made of their name, with a number where
 * several want the same or it is taken. They come in the order of their keys, so it does not matter in which
 * order their rows came.
 * @param taken is added to
 */
export function assignIdentifiers(patterns: readonly NewPattern[], taken: Set<string>): void {
  const wanted = Map.groupBy(patterns, ({ from }) => from.identifier ?? identifierOf(from.name, from.kind));
  const waiting: [string, NewPattern][] = [];
  for (const base of [...wanted.keys()].toSorted()) {
    const [first, ...others] = wanted.get(base) ?? [];
    if (first && others.length === 0 && !taken.has(base)) {
      first.identifier = base;
      taken.add(base);
    } else for (const pattern of wanted.get(base) ?? []) waiting.push([base, pattern]);
  }
  // Only now: what has a name for itself keeps it, and is not in the way of a number.
  for (const [base, pattern] of waiting) {
    pattern.identifier = firstFree(base, taken);
    taken.add(pattern.identifier);
  }
}
