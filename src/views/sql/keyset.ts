/**
 * Ends of a keyset-paged list. Comparing with them, instead of leaving the comparison out on the first
 * page, keeps one statement for all pages, and its index condition in the generic plan too.
 */
import type { Position } from '../paging.ts';

/** Where an ascending list goes on; from its very beginning without a position. */
export function after(position: Position | null): [Date | string, string] {
  return position ? [position.createdAt, position.id] : ['-infinity', '00000000-0000-0000-0000-000000000000'];
}

/** Where a descending list goes on; from its very beginning without a position. */
export function before(position: Position | null): [Date | string, string] {
  return position ? [position.createdAt, position.id] : ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
}
