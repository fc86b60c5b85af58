import type { MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { Storage } from '../../drivers/storage/Storage.ts';
import type { ThreadAnchor } from '../../entities/threads/CommentThread.ts';
import { fail } from '../../errors.ts';
import { readTextFile } from '../repositories/readTextFile.ts';
import { splitLines } from './lines.ts';
import { ManifestReader } from './ManifestReader.ts';
import { type PlacedThread, locateFile, placeThread } from './placeThread.ts';

/** Characters of anchored text that are kept with a thread, and so travel with each of its events. */
const mostText = 16_384;

export interface AnchorRequest {
  projectId: string;
  filePath: string;
  lineStart: number;
  lineEnd: number;
  /** Left out: the latest. */
  version?: number | undefined;
}

function anchorText(lines: readonly string[]): string {
  // Cut between characters: half of a surrogate pair cannot be stored.
  return lines.join('\n').slice(0, mostText).toWellFormed();
}

/**
 * Makes the anchor of a new thread out of lines of a file, and finds where these stand in the latest version.
 * It reads files, so it comes before the transaction; `createThread` refuses a place that a sync has
 * overtaken meanwhile.
 * @throws PATH_REFUSED, MANIFEST_MISSING, FILE_NOT_IN_MANIFEST, FILE_NOT_TEXT, LINES_OUTSIDE_FILE
 */
export async function makeAnchor(
  services: { orm: MikroORM; reads: pg.Pool; storage: Storage },
  { projectId, filePath, lineStart, lineEnd, version }: AnchorRequest,
): Promise<PlacedThread> {
  const file = await readTextFile(services.reads, services.storage, { projectId, path: filePath, version });
  const lines = splitLines(file.text);
  if (lineStart < 1 || lineEnd < lineStart || lineEnd > lines.length) {
    fail('LINES_OUTSIDE_FILE', { lineStart, lineEnd, path: file.path, lines: lines.length });
  }
  const anchor: ThreadAnchor = {
    version: file.version,
    commitSha: file.commitSha,
    path: file.path,
    lineStart,
    lineEnd,
    text: anchorText(lines.slice(lineStart - 1, lineEnd)),
    sha256: file.entry.sha256,
  };
  const thread: PlacedThread = {
    anchor,
    placement: 'current',
    filePath: file.path,
    lineStart,
    lineEnd,
    placedVersion: file.version,
  };
  if (file.version === file.latestVersion) return thread;
  const reader = new ManifestReader(services, projectId);
  const path = await locateFile(reader, thread, file.latestVersion);
  return { anchor, ...(await placeThread(reader, thread, file.latestVersion, path)) };
}
