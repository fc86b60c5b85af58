import type { ThreadAnchor } from '../../entities/threads/CommentThread.ts';
import { followRename } from './followRename.ts';
import type { ManifestReader } from './ManifestReader.ts';
import { placeAnchorIn } from './placeAnchor.ts';

/** Where a thread stands in a version of its project. */
export interface ThreadPlace {
  placement: 'current' | 'outdated' | 'gone';
  filePath: string;
  /** First line, 1-based. */
  lineStart: number;
  /** Last line, inclusive. */
  lineEnd: number;
  placedVersion: number;
}

/** A thread on lines of a file: where it was first put, and where it stands now. */
export interface PlacedThread extends ThreadPlace {
  anchor: ThreadAnchor;
}

/** Text files that `version` has and `earlier` had not: where a file may have been renamed to. */
async function findAdded(
  reader: ManifestReader,
  earlier: number,
  version: number,
): Promise<{ path: string; sha256: string }[]> {
  const [before, after] = [await reader.files(earlier), await reader.files(version)];
  const added: { path: string; sha256: string }[] = [];
  for (const [path, { sha256, isText }] of after) {
    if (isText && sha256 !== null && !before.has(path)) added.push({ path, sha256 });
  }
  return added;
}

/**
 * The path of a thread's file in a later version. A path that is still there is the file, wherever a rename
 * brought it before; else it was renamed to a file added since; else the file is back where it once was.
 * @returns null when the file is gone.
 */
export async function locateFile(
  reader: ManifestReader,
  thread: PlacedThread,
  version: number,
): Promise<string | null> {
  const { anchor, filePath, placedVersion } = thread;
  const files = await reader.files(version);
  const isGone = thread.placement === 'gone';
  if (!isGone && files.has(filePath)) return filePath;
  if (isGone && files.has(anchor.path)) return anchor.path;
  // What a gone file became was looked for among the files of the versions before already.
  const last = isGone ? undefined : (await reader.files(placedVersion)).get(filePath)?.sha256;
  const sha256 = last ?? anchor.sha256;
  const added = await findAdded(reader, placedVersion, version);
  if (added.length > 0) {
    const renamed = await followRename(filePath, await reader.text(sha256), sha256, added, (sha) =>
      reader.text(sha),
    );
    if (renamed !== null) return renamed;
  }
  return files.has(anchor.path) ? anchor.path : null;
}

/**
 * Finds where a thread stands in a later version, from its original anchor through the diff of its file: at
 * its lines wherever they went (`current`), beside what became of them (`outdated`), or where it last stood
 * when the file itself is no more (`gone`).
 * @param path what `locateFile` gave: it is the same for all threads that stand in one file.
 */
export async function placeThread(
  reader: ManifestReader,
  thread: PlacedThread,
  version: number,
  path: string | null,
): Promise<ThreadPlace> {
  const { anchor, lineStart, lineEnd } = thread;
  const asBefore = { filePath: path ?? thread.filePath, lineStart, lineEnd, placedVersion: version };
  if (path === null) return { ...asBefore, placement: 'gone' };
  const state = (await reader.files(version)).get(path);
  // The file is there, but as something that has no lines to show.
  if (!state?.isText || state.sha256 === null) return { ...asBefore, placement: 'outdated' };
  if (state.sha256 === anchor.sha256) {
    return {
      placement: 'current',
      filePath: path,
      lineStart: anchor.lineStart,
      lineEnd: anchor.lineEnd,
      placedVersion: version,
    };
  }
  const comparison = await reader.compare(anchor.sha256, state.sha256);
  if (!comparison) return { ...asBefore, placement: 'outdated' };
  // The anchor's own text may have been cut; the old content has all of it.
  const lines = comparison.oldLines.slice(anchor.lineStart - 1, anchor.lineEnd);
  const text = lines.length > 0 ? lines.join('\n') : anchor.text;
  const place = placeAnchorIn({ ...anchor, text }, comparison, path);
  return {
    placement: place.state,
    filePath: place.path,
    lineStart: place.lineStart,
    lineEnd: place.lineEnd,
    placedVersion: version,
  };
}
