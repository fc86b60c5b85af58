import { fail } from '../../errors.ts';

function readCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Whether the file system says that there is no such file (or that a part of the path is no folder). */
export function isMissing(error: unknown): boolean {
  const code = readCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Raises UNAVAILABLE when the disk, quota or largest file size is used up; passes other errors through. */
export function explainStorageFailure(error: unknown): never {
  const code = readCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    fail('UNAVAILABLE', { reason: 'there is no room left where files are stored' }, { cause: error });
  }
  throw error;
}
