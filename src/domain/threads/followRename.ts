import { splitLines } from './lines.ts';

/** A file that a version has. */
export interface FileCandidate {
  path: string;
  /** SHA-256 of its content, hex. */
  sha256: string;
}

/** Below this share of common lines two files are different files; git's default for renames is the same. */
const leastSimilarity = 0.5;
/** Reading and comparing is bounded however many files a version adds. */
const mostCandidates = 50;

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function extension(path: string): string {
  const name = basename(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot) : '';
}

/** How many leading folders two paths share. */
function sharedFolders(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  let shared = 0;
  while (shared < left.length - 1 && shared < right.length - 1 && left[shared] === right[shared]) shared++;
  return shared;
}

/** The likeliest new names first: same name, then same extension, then nearest folder, then by path. */
function orderCandidates(path: string, candidates: readonly FileCandidate[]): FileCandidate[] {
  return candidates
    .filter((candidate) => candidate.path !== path)
    .map((candidate) => ({
      candidate,
      sameName: basename(candidate.path) === basename(path) ? 1 : 0,
      sameExtension: extension(candidate.path) === extension(path) ? 1 : 0,
      shared: sharedFolders(candidate.path, path),
    }))
    .sort(
      (a, b) =>
        b.sameName - a.sameName ||
        b.sameExtension - a.sameExtension ||
        b.shared - a.shared ||
        (a.candidate.path < b.candidate.path ? -1 : 1),
    )
    .map(({ candidate }) => candidate);
}

/** The lines of a text that are not blank, with how often each occurs. */
function countEach(text: string): { counts: Map<string, number>; total: number } {
  const counts = new Map<string, number>();
  let total = 0;
  for (const line of splitLines(text)) {
    if (line.trim() === '') continue;
    counts.set(line, (counts.get(line) ?? 0) + 1);
    total++;
  }
  return { counts, total };
}

/** Dice's coefficient of two multisets of lines, 0 to 1; blank lines say nothing and are left out. */
function compareLines(a: ReturnType<typeof countEach>, b: ReturnType<typeof countEach>): number {
  if (a.total === 0 || b.total === 0) return 0;
  let common = 0;
  for (const [line, count] of a.counts) common += Math.min(count, b.counts.get(line) ?? 0);
  return (2 * common) / (a.total + b.total);
}

/**
 * Finds the new path of a file that a version no longer has: an added file with the same content, else the
 * added file whose lines are most alike, at least half (Dice's coefficient of the multisets of lines). Among
 * equals, and when more than 50 files were added, one with the same name is preferred, then the same
 * extension, then the nearest folder. The order in which the candidates are given does not matter.
 *
 * @param path where the file was
 * @param oldContent its text there, or null when it is not kept: then only the same content is found
 * @param oldSha SHA-256 of its content, hex
 * @param added the files that the new version has and the old one had not
 * @param readText the text with a SHA-256, or null when it is not kept or not text
 * @returns the new path, or null when the file is gone
 */
export async function followRename(
  path: string,
  oldContent: string | null,
  oldSha: string,
  added: readonly FileCandidate[],
  readText: (sha256: string) => Promise<string | null>,
): Promise<string | null> {
  const candidates = orderCandidates(path, added);
  const same = candidates.find((candidate) => candidate.sha256 === oldSha);
  if (same) return same.path;
  if (oldContent === null) return null;

  const old = countEach(oldContent);
  if (old.total === 0) return null;
  let best: string | null = null;
  let bestSimilarity = 0;
  const seen = new Set<string>();
  for (const candidate of candidates.slice(0, mostCandidates)) {
    if (seen.has(candidate.sha256)) continue;
    seen.add(candidate.sha256);
    const text = await readText(candidate.sha256);
    if (text === null) continue;
    const similarity = compareLines(old, countEach(text));
    if (similarity < leastSimilarity || similarity <= bestSimilarity) continue;
    best = candidate.path;
    bestSimilarity = similarity;
    if (similarity === 1) break;
  }
  return best;
}
