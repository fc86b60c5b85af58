import { diffArrays } from 'diff';

/**
 * A diff costs about (lines × edits) steps and gives up past this many. It is a count and not a time, so
 * that the same two texts give the same answer on every machine.
 */
const stepLimit = 50_000_000;
const editLimit = 2_000;
/** Backstop for a machine that is so slow that the step limit does not hold the process back. */
const timeLimitMs = 2_000;

/** Numbers equal lines equally, so that comparing two lines costs the same however long they are. */
function numberLines(lines: readonly string[], numbers: Map<string, number>): number[] {
  return lines.map((line) => {
    const known = numbers.get(line);
    if (known !== undefined) return known;
    numbers.set(line, numbers.size);
    return numbers.size - 1;
  });
}

/** Indexes from `from` (included) to `to` (excluded) whose line also occurs in `others`. */
function indexesShared(lines: readonly number[], from: number, to: number, others: Set<number>): number[] {
  const indexes: number[] = [];
  for (let index = from; index < to; index++) if (others.has(lines[index]!)) indexes.push(index);
  return indexes;
}

/**
 * Maps each old line to the new line that it became, by a shortest line diff (Myers 1986): element i is the
 * 0-based index in `newLines` of `oldLines[i]`, or -1 where that line was removed or changed. Indexes rise.
 *
 * Only what lies between the common head and tail is compared, and of that only lines that occur on both
 * sides (as git does): neither changes the result. Undefined when the texts differ in too many places for
 * a bounded diff.
 */
export function mapLines(oldLines: readonly string[], newLines: readonly string[]): Int32Array | undefined {
  const numbers = new Map<string, number>();
  const before = numberLines(oldLines, numbers);
  const after = numberLines(newLines, numbers);
  const map = new Int32Array(before.length).fill(-1);

  let head = 0;
  const shorter = Math.min(before.length, after.length);
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  for (let index = 0; index < head; index++) map[index] = index;
  for (let back = 1; back <= tail; back++) map[before.length - back] = after.length - back;

  const oldEnd = before.length - tail;
  const newEnd = after.length - tail;
  const oldShared = indexesShared(before, head, oldEnd, new Set(after.slice(head, newEnd)));
  const newShared = indexesShared(after, head, newEnd, new Set(before.slice(head, oldEnd)));
  if (oldShared.length === 0) return map;

  const steps = Math.ceil(stepLimit / (oldShared.length + newShared.length));
  const changes = diffArrays(
    oldShared.map((index) => before[index]!),
    newShared.map((index) => after[index]!),
    { maxEditLength: Math.min(editLimit, steps), timeout: timeLimitMs },
  );
  if (!changes) return undefined;

  let oldAt = 0;
  let newAt = 0;
  for (const change of changes) {
    if (change.removed) oldAt += change.count;
    else if (change.added) newAt += change.count;
    else for (let n = 0; n < change.count; n++) map[oldShared[oldAt++]!] = newShared[newAt++]!;
  }
  return map;
}
