import { linkSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long synchronous file calls may hold up the event loop in one go. */
const sliceMs = 5;
/** Looks at the source, at most; each time it was repacked while it was being looked at. */
const mostLooks = 3;
const looseFolder = /^[0-9a-f]{2}$/;
const looseName = /^(?:[0-9a-f]{38}|[0-9a-f]{62})$/;
const packName = /^pack-[0-9a-f]{40,64}\.(?:pack|idx|rev)$/;

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

function listNames(folder: string): string[] {
  try {
    // A link to a folder would lead out of what was checked.
    return lstatSync(folder).isDirectory() ? readdirSync(folder) : [];
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

/**
 * The files of an objects folder that hold objects, as paths below it. Loose ones are listed first: one that
 * `git gc` packs and removes meanwhile is in a pack that was there before, and so is listed.
 */
function listObjectFiles(folder: string): string[] {
  const loose = listNames(folder).filter((name) => looseFolder.test(name));
  const files = loose.flatMap((inner) => {
    const names = listNames(join(folder, inner)).filter((name) => looseName.test(name));
    return names.map((name) => `${inner}/${name}`);
  });
  // A pack must be there before its index says so.
  const packs = listNames(join(folder, 'pack')).filter((name) => packName.test(name));
  const inOrder = packs.toSorted((a, b) => Number(b.endsWith('.pack')) - Number(a.endsWith('.pack')));
  return [...files, ...inOrder.map((name) => `pack/${name}`)];
}

/** @returns false when the file is no longer there. */
function linkFile(from: string, to: string): boolean {
  try {
    linkSync(from, to);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return true;
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
  // link(2) makes a second name even for a symbolic link, which git would follow.
  if (!lstatSync(to).isFile()) rmSync(to);
  return true;
}

/** Links what is missing. @returns false when the source changed meanwhile. */
async function linkMissing(folders: readonly string[], target: string, signal: AbortSignal): Promise<boolean> {
  const present = new Set(listObjectFiles(target));
  const wanted = new Set<string>();
  let isWhole = true;
  let sliceStart = performance.now();
  for (const folder of folders) {
    for (const file of listObjectFiles(folder)) {
      if (wanted.has(file)) continue;
      wanted.add(file);
      if (present.has(file)) continue;
      mkdirSync(join(target, file, '..'), { recursive: true });
      if (!linkFile(join(folder, file), join(target, file))) isWhole = false;
      if (performance.now() - sliceStart < sliceMs) continue;
      await nextTurn();
      signal.throwIfAborted();
      sliceStart = performance.now();
    }
  }
  // What the source no longer has in this form, it has in another; indexes go before their packs.
  const gone = [...present].filter((file) => !wanted.has(file));
  if (isWhole) for (const file of gone.toReversed()) rmSync(join(target, file), { force: true });
  return isWhole;
}

/**
 * Makes the objects folder `target` hold the same objects as those of a local repository, by hard links, as
 * `git clone --local` does: git never changes an object's file, so they cost nothing, and what the source
 * removes later stays. Only regular files that git gave their names are taken.
 *
 * Gives false when that cannot be done here: another file system, files of another user, a source that is
 * repacked all the time. Raises the signal's reason.
 */
export async function linkObjects(folders: readonly string[], target: string, signal: AbortSignal): Promise<boolean> {
  try {
    for (let look = 0; look < mostLooks; look += 1) if (await linkMissing(folders, target, signal)) return true;
    return false;
  } catch (error) {
    if (isCode(error, 'EXDEV', 'EPERM', 'EACCES', 'EMLINK', 'ENOTSUP', 'ENOSYS')) return false;
    throw error;
  }
}
