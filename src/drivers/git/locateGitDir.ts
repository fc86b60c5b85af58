import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';

/** Decides whether a resolved (symlink-free) path may be read. */
export type PathRule = (path: string) => boolean;

/** `objectFolders` are all that its objects may lie in, resolved and checked. */
export type LocatedGitDir =
  | { gitDir: string; objectFolders: string[] }
  | { missing: true }
  | { outside: string };

const maxAlternates = 16;

/** Whether `path` is `folder` or lies below it; both absolute and already resolved. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The path with every symlink followed, or null when there is nothing. */
export async function resolveReal(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    return null;
  }
}

async function readSmallFile(path: string): Promise<string | null> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile() || info.size > 65_536) return null;
  return readFile(path, 'utf8');
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

/** The git directory of a checkout (`.git` folder, or file of a worktree or submodule) or bare repository. */
async function findGitDir(path: string): Promise<string | null> {
  const dotGit = join(path, '.git');
  if (await isFolder(dotGit)) return resolveReal(dotGit);
  const pointer = (await readSmallFile(dotGit))?.match(/^gitdir: (.+?)\s*$/)?.[1];
  if (pointer !== undefined) return resolveReal(resolve(path, pointer));
  return (await isFolder(join(path, 'objects'))) ? path : null;
}

async function* listObjectFolders(commonDir: string): AsyncGenerator<string> {
  const waiting = [join(commonDir, 'objects')];
  for (let taken = 0; taken < waiting.length; taken++) {
    const objects = waiting[taken] ?? '';
    const real = await resolveReal(objects);
    if (real === null) continue;
    yield real;
    const alternates = (await readSmallFile(join(real, 'info', 'alternates'))) ?? '';
    for (const line of alternates.split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      waiting.push(isAbsolute(line) ? line : join(real, line));
    }
    if (waiting.length > maxAlternates) throw new RangeError('too many alternate object folders');
  }
}

/**
 * Finds the git directory of a local repository, without running git in it, and checks each folder that git
 * would read on its behalf: a `.git` file, `commondir`, a symlinked `objects` and `info/alternates` may all
 * point out of the folder that was allowed, for instance to another tenant's mirror.
 *
 * `path` is absolute and resolved. The answer is taken once, so someone who can write to the repository
 * could still change it in the moment between; `REPOSITORY_PATHS` should name folders of trusted people.
 */
export async function locateGitDir(path: string, mayRead: PathRule): Promise<LocatedGitDir> {
  const gitDir = await findGitDir(path);
  if (gitDir === null) return { missing: true };
  if (!mayRead(gitDir)) return { outside: gitDir };

  const pointer = (await readSmallFile(join(gitDir, 'commondir')))?.trim();
  const commonDir = pointer === undefined ? gitDir : await resolveReal(resolve(gitDir, pointer));
  if (commonDir === null || !(await isFolder(join(commonDir, 'objects')))) return { missing: true };
  if (!mayRead(commonDir)) return { outside: commonDir };

  const objectFolders: string[] = [];
  for await (const folder of listObjectFolders(commonDir)) {
    if (!mayRead(folder)) return { outside: folder };
    objectFolders.push(folder);
  }
  return { gitDir, objectFolders };
}
