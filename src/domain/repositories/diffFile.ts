import type pg from 'pg';
import type { Storage } from '../../drivers/storage/Storage.ts';
import { TesseraError } from '../../errors.ts';
import type { DiffView } from '../../views/repositories.ts';
import { diffTexts } from './diffTexts.ts';
import { type TextFile, readTextFile } from './readTextFile.ts';

/** The file as it is in a version, null where that version has none. */
async function readIfThere(
  reads: pg.Pool,
  storage: Storage,
  of: { projectId: string; path: string; version: number },
): Promise<TextFile | null> {
  try {
    return await readTextFile(reads, storage, of);
  } catch (error) {
    if (error instanceof TesseraError && error.errorCode === 'FILE_NOT_IN_MANIFEST') return null;
    throw error;
  }
}

function nameChange(before: TextFile | null, after: TextFile | null): DiffView['change'] {
  if (!before) return 'added';
  if (!after) return 'removed';
  return before.text === after.text ? 'none' : 'modified';
}

/**
 * How a text file changed between two versions of the project's repository; a version that does not have it
 * counts as empty.
 * @param of.toPath where it is in version `to`, if it was moved.
 * @throws PATH_REFUSED, MANIFEST_MISSING, FILE_NOT_IN_MANIFEST when neither version has it, FILE_NOT_TEXT, DIFF_TOO_LARGE
 */
export async function diffFile(
  reads: pg.Pool,
  storage: Storage,
  of: { projectId: string; path: string; toPath?: string | undefined; from: number; to: number },
): Promise<DiffView> {
  const { projectId, path, from, to } = of;
  const toPath = of.toPath ?? path;
  const [before, after] = await Promise.all([
    readIfThere(reads, storage, { projectId, path, version: from }),
    readIfThere(reads, storage, { projectId, path: toPath, version: to }),
  ]);
  if (!before && !after) throw new TesseraError('FILE_NOT_IN_MANIFEST', { path, version: from });
  const hunks = await diffTexts(path, before?.text ?? '', after?.text ?? '');
  return {
    path,
    toPath,
    from,
    to,
    change: nameChange(before, after),
    hunks: hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
      oldStart,
      oldLines,
      newStart,
      newLines,
      lines,
    })),
  };
}
