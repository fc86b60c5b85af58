import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DemoError } from './DemoError.ts';
import type { TemporaryTesseraMessage } from './temporaryTessera.ts';

export interface ProvidedServer {
  url: string;
  /** Whether it was started here, and ends with the demo. */
  isTemporary: boolean;
}

/** How long, in ms, a start and a stop may take. */
const patience = 30_000;

const ask = (url: string) => fetch(url, { signal: AbortSignal.timeout(2000) });

/** Whether a Tessera answers at `url`. @throws DemoError when one does, but cannot work. */
async function isTessera(url: string): Promise<boolean> {
  try {
    if (!(await ask(`${url}/healthz`)).ok) return false;
    const about = (await (await ask(url)).json()) as { name?: unknown } | null;
    if (about?.name !== 'Tessera') return false;
  } catch {
    return false;
  }
  const readiness = await ask(`${url}/readyz`);
  if (!readiness.ok) {
    throw new DemoError(
      `The Tessera at ${url} is not ready.`,
      `See ${url}/readyz for the part that is missing, or stop it.`,
    );
  }
  return true;
}

const localUrl = () => `http://127.0.0.1:${Number(process.env['PORT'] || 3000)}`;

/** The address of the Tessera that runs on this machine at PORT (3000). @throws DemoError when it cannot work. */
export async function findTessera(): Promise<string | undefined> {
  const url = localUrl();
  return URL.canParse(url) && !url.endsWith(':0') && (await isTessera(url)) ? url : undefined;
}

/** The folders that git needs of a local repository: a worktree keeps its objects elsewhere. */
async function foldersOf(repository: string): Promise<string[]> {
  const git = promisify(execFile)('git', [
    '-C',
    repository,
    'rev-parse',
    '--path-format=absolute',
    '--git-common-dir',
  ]);
  const common = await git.then(
    ({ stdout }) => [stdout.trim()],
    () => [],
  );
  return [repository, ...common];
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const force = setTimeout(() => child.kill('SIGKILL'), patience);
  if (child.connected) child.disconnect();
  await exited;
  clearTimeout(force);
}

/** The one message of the child. @throws DemoError when it could not start. */
async function addressOf(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.once('message', (told: TemporaryTesseraMessage) => {
    if ('url' in told) resolve(told.url);
    else reject(new DemoError(`No Tessera could be started: ${told.message}`, told.remedy));
  });
  child.once('exit', (code, signal) =>
    reject(new DemoError(`The temporary Tessera ended by itself (${signal ?? code}).`)),
  );
  const timer = setTimeout(
    () => reject(new DemoError(`The temporary Tessera did not start within ${patience / 1000} s.`)),
    patience,
  );
  return promise.finally(() => clearTimeout(timer));
}

async function startTemporary(
  repository: string | undefined,
  closing: AsyncDisposableStack,
): Promise<ProvidedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tessera-demo-'));
  closing.defer(() => rm(dataDir, { recursive: true, force: true }));
  const folders = repository === undefined ? [] : await foldersOf(repository);
  const child = fork(join(import.meta.dirname, 'temporaryTessera.ts'), [dataDir, ...folders], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // Before it has started: the demo may be interrupted meanwhile.
  closing.defer(() => endChild(child));
  return { url: await addressOf(child), isTemporary: true };
}

/**
 * The Tessera that runs on this machine at PORT (3000), or else a temporary one that may read `repository`, a
 * local path, and that `closing` ends. `onStart` is told where none was found.
 * @throws DemoError
 */
export async function provideServer(
  repository: string | undefined,
  closing: AsyncDisposableStack,
  onStart: (url: string) => void,
): Promise<ProvidedServer> {
  const url = localUrl();
  const found = await findTessera();
  if (found !== undefined) return { url: found, isTemporary: false };
  onStart(url);
  return startTemporary(repository, closing);
}
