import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Makes one file, or the names in one folder, survive a power cut (fsync(2)). */
export async function flushFile(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}

/** Flushing everything also waits for what others have written, so a few files are flushed by themselves. */
const few = 32;

/**
 * Makes many files survive a power cut: all of the file system at once (syncfs(2), through `sync -f` of
 * coreutils, because Node has no call for it), or one by one where that is missing, or when they are few.
 */
export async function flushFiles(folder: string, paths: readonly string[]): Promise<void> {
  if (paths.length <= few) {
    await Promise.all(paths.map(flushFile));
    return;
  }
  try {
    await run('sync', ['-f', folder]);
  } catch {
    for (const path of paths) await flushFile(path);
  }
}
