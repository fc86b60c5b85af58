import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkRepositoryUrl } from '../../src/drivers/git/checkRepositoryUrl.ts';
import { listTree, type TreeEntry } from '../../src/drivers/git/listTree.ts';
import { openMirror, type Mirror, type MirrorOptions } from '../../src/drivers/git/openMirror.ts';

/** Runs git with no settings but the author's, and gives its stdout without the last line end. */
export function runTestGit(folder: string, args: readonly string[], input?: string | Buffer): string {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  const settings = ['-c', 'gc.auto=0', '-c', 'protocol.file.allow=always'];
  const options = {
    cwd: folder,
    env,
    stdio: 'pipe',
    encoding: 'utf8',
    ...(input !== undefined && { input }),
  } as const;
  return execFileSync('git', [...settings, ...args], options).trimEnd();
}

/** A temporary folder with a data directory and a folder for repositories; removed at the end of its scope. */
export interface GitWorld extends AsyncDisposable {
  root: string;
  dataDir: string;
  /** Where repositories may be read from. */
  allowed: string;
  /** Makes a repository on branch `main`; with files, these are its first commit. */
  createRepository(name: string, files?: Record<string, string | Buffer>): Promise<string>;
  /** Writes files into a repository and commits them; gives the commit's hash. */
  commitFiles(repository: string, files: Record<string, string | Buffer>): Promise<string>;
  /** Checks the URL by this world's rules and opens a mirror (`name` in the data directory) of it. */
  open(url: string, options?: Partial<MirrorOptions> & { name?: string }): Promise<Mirror>;
}

export async function createGitWorld(): Promise<GitWorld> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'tessera-git-')));
  const dataDir = join(root, 'data');
  const allowed = join(root, 'repositories');
  await mkdir(dataDir);
  await mkdir(allowed);

  async function commitFiles(repository: string, files: Record<string, string | Buffer>): Promise<string> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(repository, path)), { recursive: true });
      await writeFile(join(repository, path), content);
    }
    runTestGit(repository, ['add', '-A']);
    runTestGit(repository, ['commit', '--quiet', '--message', 'a commit']);
    return runTestGit(repository, ['rev-parse', 'HEAD']);
  }

  async function createRepository(name: string, files?: Record<string, string | Buffer>): Promise<string> {
    const repository = join(allowed, name);
    await mkdir(repository, { recursive: true });
    runTestGit(repository, ['init', '--quiet', '--initial-branch=main']);
    if (files) await commitFiles(repository, files);
    return repository;
  }

  async function open(
    url: string,
    options: Partial<MirrorOptions> & { name?: string } = {},
  ): Promise<Mirror> {
    const { name = 'mirror', ...rest } = options;
    const source = rest.source ?? (await checkRepositoryUrl(url, { allowedPaths: [allowed], dataDir }));
    const signal = new AbortController().signal;
    return openMirror({ dir: join(dataDir, name), signal, ...rest, source });
  }

  return {
    root,
    dataDir,
    allowed,
    createRepository,
    commitFiles,
    open,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

export function listEntries(mirror: Mirror, maxEntries = 10_000): Promise<TreeEntry[]> {
  return listTree(mirror, maxEntries);
}

/** Numbers of the processes whose environment or command line holds the text; none where /proc is missing. */
export function findTestProcesses(file: 'environ' | 'cmdline', text: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/${file}`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}
