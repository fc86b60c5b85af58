import { FileComparison } from './FileComparison.ts';

/** Lines of one file in one version of a project, that a thread stands on. */
export interface Anchor {
  path: string;
  /** First line, 1-based. */
  lineStart: number;
  /** Last line, inclusive. */
  lineEnd: number;
  /** The anchored lines, joined by LF. */
  text: string;
}

/**
 * Where an anchor stands in another version. `current`: its lines are there unchanged. `outdated`: they
 * were changed, removed or written into, and the range is the nearest place left. `gone`: the file itself
 * is no more; `placeAnchor`, which is given a file, never says so.
 */
export interface Placement {
  state: 'current' | 'outdated' | 'gone';
  path: string;
  /** First line, 1-based. */
  lineStart: number;
  /** Last line, inclusive. */
  lineEnd: number;
}

/** 0-based, both inclusive. */
interface Range {
  start: number;
  end: number;
}

/** A block without a letter or digit (a brace, blank lines) is too common to be recognised elsewhere. */
const telling = /[\p{L}\p{N}]/u;

/** Every index at which the block stands in the lines; none when both are too repetitive to tell. */
function findBlock(block: readonly string[], lines: readonly string[]): number[] {
  const starts: number[] = [];
  // A repetitive file would otherwise make this cost lines × block.
  let budget = 1_000_000;
  for (let start = 0; start + block.length <= lines.length; start++) {
    let same = 0;
    while (same < block.length && lines[start + same] === block[same]) same++;
    budget -= same;
    if (budget < 0) return [];
    if (same === block.length) starts.push(start);
  }
  return starts;
}

/** The one place to which the block was moved: made of lines that no line outside the block became. */
function findMoved(
  block: readonly string[],
  lines: readonly string[],
  range: Range,
  map: Int32Array,
): number | undefined {
  if (!telling.test(block.join('\n'))) return undefined;
  const taken = new Set<number>();
  for (const [index, target] of map.entries()) {
    if (target !== -1 && (index < range.start || index > range.end)) taken.add(target);
  }
  const places = findBlock(block, lines).filter((start) => block.every((_, n) => !taken.has(start + n)));
  return places.length === 1 ? places[0] : undefined;
}

/** The new range nearest to an old one whose lines did not all survive side by side. */
function nearestRange(range: Range, map: Int32Array, newCount: number): Range {
  const survivors: number[] = [];
  for (let index = range.start; index <= range.end; index++) if (map[index] !== -1) survivors.push(index);
  let before = range.start - 1;
  while (before >= 0 && map[before] === -1) before--;
  let after = range.end + 1;
  while (after < map.length && map[after] === -1) after++;
  // The new lines between the nearest survivors around the range.
  const gapStart = before < 0 ? 0 : map[before]! + 1;
  const gapEnd = after >= map.length ? newCount - 1 : map[after]! - 1;

  const first = survivors[0];
  const last = survivors.at(-1);
  if (first !== undefined && last !== undefined) {
    return {
      start: Math.max(gapStart, map[first]! - (first - range.start)),
      end: Math.min(gapEnd, map[last]! + (range.end - last)),
    };
  }
  if (gapStart > gapEnd) return { start: gapStart, end: gapStart };
  const start = Math.min(gapEnd, gapStart + (range.start - before - 1));
  return { start, end: Math.min(gapEnd, start + range.end - range.start) };
}

/** Without a diff: the place of the same text that is nearest to the old one. */
function placeByText(block: readonly string[], lines: readonly string[], from: number): number | undefined {
  if (!telling.test(block.join('\n'))) return undefined;
  let nearest: number | undefined;
  for (const start of findBlock(block, lines)) {
    if (nearest === undefined || Math.abs(start - from) < Math.abs(nearest - from)) nearest = start;
  }
  return nearest;
}

/**
 * Finds where the lines of an anchor stand in another version of their file.
 *
 * It always starts from the version that the anchor was made in, never from a placement in between, so that
 * what versions came between does not matter. Lines that moved as a whole, and stand in exactly one place
 * that is not an old line's, are `current` there; a line inserted inside the range makes it `outdated`.
 * Endings (CRLF or LF, or none at the end of the file) do not count as changes. When the versions differ
 * too much for a bounded diff, or the old content is not the one that the anchor was made in (it may no
 * longer be kept: give ''), the nearest place of the same text is taken.
 *
 * @param original the anchor as it was made
 * @param comparison the file in the version that the anchor was made in, compared with the version wanted
 * @param newPath its path there, when it was renamed
 * @returns a range inside the new file: 1 ≤ lineStart ≤ lineEnd ≤ its lines (1–1 in an empty file)
 */
export function placeAnchorIn(
  original: Anchor,
  comparison: FileComparison,
  newPath: string = original.path,
): Placement {
  const { oldLines, newLines: lines } = comparison;
  const block = original.text.split(/\r?\n/);
  const range: Range = { start: original.lineStart - 1, end: original.lineEnd - 1 };

  function place(state: Placement['state'], { start, end }: Range): Placement {
    const last = Math.max(0, lines.length - 1);
    const lineStart = Math.min(Math.max(0, start), last) + 1;
    return { state, path: newPath, lineStart, lineEnd: Math.max(lineStart, Math.min(end, last) + 1) };
  }
  function placeBlock(start: number): Placement {
    return place('current', { start, end: start + block.length - 1 });
  }

  const oldIsKnown =
    range.end < oldLines.length &&
    block.length === range.end - range.start + 1 &&
    block.every((line, n) => oldLines[range.start + n] === line);
  const map = oldIsKnown ? comparison.map : undefined;
  if (!map) {
    const start = placeByText(block, lines, range.start);
    return start === undefined ? place('outdated', range) : placeBlock(start);
  }

  const start = map[range.start]!;
  if (start !== -1 && block.every((_, n) => map[range.start + n] === start + n)) return placeBlock(start);
  const moved = findMoved(block, lines, range, map);
  return moved === undefined ? place('outdated', nearestRange(range, map, lines.length)) : placeBlock(moved);
}

/** `placeAnchorIn` for a single anchor of a file. */
export function placeAnchor(
  original: Anchor,
  oldContent: string,
  newContent: string,
  newPath?: string,
): Placement {
  return placeAnchorIn(original, new FileComparison(oldContent, newContent), newPath);
}
