import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPrefix } from './checkKey.ts';
import { isMissing } from './explainStorageFailure.ts';
import type { StoredObject } from './Storage.ts';

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Byte order of the keys below: a folder sorts as if its name ended in `/`, which comes after `-` and `.`. */
function sortEntries(entries: readonly Dirent[]): { name: string; isFolder: boolean }[] {
  return entries
    .map((entry) => ({
      name: entry.isDirectory() ? `${entry.name}/` : entry.name,
      isFolder: entry.isDirectory(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function* walk(root: string, folder: string, prefix: string): AsyncGenerator<StoredObject> {
  for (const { name, isFolder } of sortEntries(await readFolder(join(root, folder)))) {
    // Half-written files; see openFileStorage.
    if (name.startsWith('~')) continue;
    const key = `${folder}${name}`;
    if (isFolder) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* walk(root, key, prefix);
    } else if (key.startsWith(prefix)) {
      const info = await stat(join(root, key)).catch(() => null);
      if (info) yield { key, size: info.size };
    }
  }
}

/** The files below `root` whose relative path starts with `prefix`, in byte order; holds one folder at a time. */
export function listFiles(root: string, prefix: string): AsyncIterable<StoredObject> {
  checkPrefix(prefix);
  return walk(root, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
}
