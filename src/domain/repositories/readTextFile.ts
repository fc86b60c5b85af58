import type pg from 'pg';
import { blobKey } from '../../drivers/storage/checkKey.ts';
import type { Storage } from '../../drivers/storage/Storage.ts';
import type { ManifestEntry } from '../../entities/repositories/ProjectManifest.ts';
import { TesseraError, fail } from '../../errors.ts';
import { checkFilePath } from './checkPath.ts';
import { findManifestEntry } from './sql/findManifestEntry.ts';

export interface TextFile {
  path: string;
  version: number;
  commitSha: string;
  /** The newest version of the project, as it was read together with this file's. */
  latestVersion: number;
  entry: ManifestEntry & { sha256: string };
  text: string;
}

const notKept: Record<Exclude<ManifestEntry['kind'], 'text'>, string> = {
  binary: 'it is binary',
  large: 'it is larger than this server keeps',
  symlink: 'it is a symbolic link',
  submodule: 'it is a submodule',
};

/** What MAX_TEXT_BYTES may be set to at most: a text that was kept can be read, however it is set now. */
const mostBytes = 64 * 2 ** 20;

/**
 * The text with a content hash; null when its content is not kept. Bytes that are not UTF-8, and NUL, which
 * PostgreSQL stores in no text, are U+FFFD.
 */
export async function readText(storage: Storage, sha256: string): Promise<string | null> {
  try {
    const bytes = await storage.getBuffer(blobKey(sha256), mostBytes);
    return bytes.toString('utf8').replaceAll('\0', '\uFFFD');
  } catch (error) {
    if (error instanceof TesseraError && error.errorCode === 'NOT_FOUND') return null;
    throw error;
  }
}

/**
 * Reads a text file of a project as it is in one version of its repository, the latest if none is given.
 * @throws PATH_REFUSED, MANIFEST_MISSING, FILE_NOT_IN_MANIFEST, FILE_NOT_TEXT
 */
export async function readTextFile(
  reads: Pick<pg.Pool, 'query'>,
  storage: Storage,
  of: { projectId: string; path: string; version?: number | undefined },
): Promise<TextFile> {
  const path = checkFilePath(of.path);
  const found = await findManifestEntry(reads, { ...of, path });
  if (!found) return fail('MANIFEST_MISSING', { version: of.version ?? 'of any version' });
  const { entry, version } = found;
  if (!entry) return fail('FILE_NOT_IN_MANIFEST', { version, path });
  if (entry.kind !== 'text' || entry.sha256 === null) {
    return fail('FILE_NOT_TEXT', {
      path,
      reason: entry.kind === 'text' ? 'it has no content' : notKept[entry.kind],
    });
  }
  const text = await readText(storage, entry.sha256);
  if (text === null) return fail('FILE_NOT_TEXT', { path, reason: 'its content was removed from storage' });
  return {
    path,
    version,
    commitSha: found.commit_sha,
    latestVersion: found.latest_version,
    entry: { ...entry, sha256: entry.sha256 },
    text,
  };
}
