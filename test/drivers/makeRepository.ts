import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkRepositoryUrl } from '../../src/drivers/git/checkRepositoryUrl.ts';
import { listTree, type TreeEntry } from '../../src/drivers/git/listTree.ts';
import { openMirror, type Mirror, type MirrorOptions } from '../../src/drivers/git/openMirror.ts';
import { quickFolder } from '../support/cluster.ts';

function runWithTestGit(
  folder: string,
  program: string,
  args: readonly string[],
  input?: string | Buffer,
): string {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'gc.auto',
    GIT_CONFIG_VALUE_0: '0',
    GIT_CONFIG_KEY_1: 'protocol.file.allow',
    GIT_CONFIG_VALUE_1: 'always',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  const options = {
    cwd: folder,
    env,
    stdio: 'pipe',
    encoding: 'utf8',
    ...(input !== undefined && { input }),
  } as const;
  return execFileSync(program, args, options).trimEnd();
}

/** Runs git with no settings but the author's, and gives its stdout without the last line end. */
export function runTestGit(folder: string, args: readonly string[], input?: string | Buffer): string {
  return runWithTestGit(folder, 'git', args, input);
}

/**
 * The same for several commands, of which each is to succeed. A shell starts them: from a process as large as
 * that of the tests each start costs more than what git does.
 */
function runTestGitScript(folder: string, commands: readonly string[]): string {
  return runWithTestGit(folder, 'sh', ['-c', commands.join(' && ')]);
}

const init = 'git init --quiet --initial-branch=main';
const commit = ['git add -A', "git commit --quiet --message 'a commit'", 'git rev-parse HEAD'];

async function writeFiles(repository: string, files: Record<string, string | Buffer>): Promise<void> {
  const paths = Object.keys(files).map((path) => join(repository, path));
  for (const folder of new Set(paths.map(dirname))) await mkdir(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) await writeFile(join(repository, path), content);
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
  const root = await realpath(await mkdtemp(join(await quickFolder(), 'tessera-git-')));
  const dataDir = join(root, 'data');
  const allowed = join(root, 'repositories');
  await mkdir(dataDir);
  await mkdir(allowed);

  async function commitFiles(repository: string, files: Record<string, string | Buffer>): Promise<string> {
    await writeFiles(repository, files);
    return runTestGitScript(repository, commit);
  }

  async function createRepository(name: string, files?: Record<string, string | Buffer>): Promise<string> {
    const repository = join(allowed, name);
    await mkdir(repository, { recursive: true });
    if (files) await writeFiles(repository, files);
    runTestGitScript(repository, files ? [init, ...commit] : [init]);
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
