/** The cluster: the directory of files that one PostgreSQL server works on. */
import { execFile } from 'node:child_process';
import { mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fail } from '../../errors.ts';
import type { Binaries } from './binaries.ts';
import { type Account, giveTo, nameOfWorkingDirectory, spawnAs } from './runAs.ts';
import { asArguments, initialSettings, role } from './serverSettings.ts';

/** In ms; the process id of a maker that died can belong to another process by now, the age cannot lie. */
const longestInitdb = 600_000;

/**
 * Makes sure that a cluster for these binaries lies at `path`, on which no server runs.
 * A new one is made under another name and then renamed, so an interrupted start leaves no half of one.
 * Raises DATABASE_VERSION_MISMATCH for a cluster of another major version and DATABASE_DIRECTORY_REFUSED
 * for a directory that holds something else.
 */
export async function ensureCluster(
  path: string,
  binaries: Binaries,
  account: Account,
  durable: boolean,
): Promise<void> {
  await removeAbandonedDrafts(path);
  const content = await readdir(path).catch(() => []);
  if (content.length === 0) await createCluster(path, binaries, account, durable);
  const found = (await readFile(join(path, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (found === '') {
    fail('DATABASE_DIRECTORY_REFUSED', { path, reason: 'it holds files, but not those of PostgreSQL' });
  }
  const wanted = binaries.version.split('.')[0];
  if (found !== wanted) fail('DATABASE_VERSION_MISMATCH', { path, found, wanted });
  // A backup that root copied back belongs to root.
  if (account.switched && (await stat(path)).uid !== account.uid) await giveTo(account, path);
}

async function createCluster(
  path: string,
  binaries: Binaries,
  account: Account,
  durable: boolean,
): Promise<void> {
  const draft = await mkdtemp(`${path}.draft-${process.pid}-`);
  try {
    if (account.switched) await giveTo(account, draft);
    await runInitdb(draft, binaries, account, durable);
    await rename(draft, path).catch((error: NodeJS.ErrnoException) => {
      // Another start was faster; its cluster is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    if (durable) await syncDirectory(dirname(path));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function runInitdb(
  directory: string,
  { native }: Binaries,
  account: Account,
  durable: boolean,
): Promise<void> {
  // syncfs(2) takes a third of the time that syncing a thousand files one by one does; only Linux has it.
  const sync = process.platform === 'linux' ? ['--sync-method=syncfs'] : [];
  const options = [
    ['--pgdata', nameOfWorkingDirectory(account, directory), '--username', role],
    ['--auth-local=trust', '--auth-host=reject', '--no-instructions', ...(durable ? sync : ['--no-sync'])],
    ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    asArguments(initialSettings),
  ].flat();
  try {
    await promisify(execFile)(join(native, 'bin', 'initdb'), options, {
      ...spawnAs(account),
      cwd: directory,
    });
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string };
    const reason = (stderr || message).trim().split('\n').slice(0, 3).join('; ');
    fail('DATABASE_START_FAILED', { reason: `initdb: ${reason}` }, { cause });
  }
}

/** Removes what starts that were killed left beside the cluster. */
async function removeAbandonedDrafts(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    const [, pid] = /^\.draft-(\d+)-/.exec(name.slice(basename(path).length)) ?? [];
    if (!name.startsWith(basename(path)) || pid === undefined) continue;
    const draft = join(dirname(path), name);
    const changed = await stat(draft).then(
      (found) => found.mtimeMs,
      () => 0,
    );
    const isOld = Date.now() - changed > longestInitdb;
    // The initdb of a start that was just killed may be writing there for a moment yet: it ends with its directory.
    if (isOld || !isAlive(Number(pid)))
      await rm(draft, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
