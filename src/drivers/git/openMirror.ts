import { mkdir, rm } from 'node:fs/promises';
import { fail } from '../../errors.ts';
import { checkGitVersion } from './checkGitVersion.ts';
import { explainGitFailure, isLocalFailure } from './explainGitFailure.ts';
import { fetchCommit, type FetchProgress } from './fetchCommit.ts';
import { findRemoteRef, type RemoteRef } from './findRemoteRef.ts';
import { GitFailure, runGit, spawnGit, type GitProcess } from './gitProcess.ts';
import { prepareRemoteAccess, type RemoteOptions } from './remoteAccess.ts';
import { tidyMirror } from './tidyMirror.ts';

export interface MirrorOptions extends RemoteOptions {
  /** Folder of this mirror alone. It is a cache: created, and when it is damaged deleted, at need. */
  dir: string;
  /** Branch, tag, `refs/…` name or full commit hash; left out, the default branch. */
  ref?: string;
  signal: AbortSignal;
  onProgress?: (progress: FetchProgress) => void;
  /** Most bytes that the repository may send; 4 GiB when left out. */
  maxBytes?: number;
}

/** One pinned commit in a bare repository on this machine. Not affected by what happens at the source. */
export interface Mirror extends AsyncDisposable {
  readonly dir: string;
  /** Full hash of the commit, in hexadecimal. */
  readonly commitSha: string;
  /** Full name of the ref it was found by (`refs/heads/main`), `HEAD`, or the hash that was asked for. */
  readonly ref: string;
  /** Runs a reading git command in the mirror; `listTree` and `hashBlobs` are built on it. */
  run(args: readonly string[]): GitProcess;
  /** Raises the error of the table for a failure of `run`; a damaged mirror is deleted, so the next sync heals. */
  explain(error: unknown): Promise<never>;
  /** Ends what `run` started. The folder stays, for the next sync to build on. */
  close(): Promise<void>;
}

const pin = 'refs/tessera/pin';
const defaultMaxBytes = 4 * 2 ** 30;

/** The object that a revision names, null when there is none or no repository. */
export async function readRevision(
  dir: string,
  revision: string,
  signal: AbortSignal,
  borrowed: readonly string[] = [],
): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', revision];
  try {
    return (await runGit({ gitDir: dir, borrowed, args, signal })).trim();
  } catch (error) {
    if (error instanceof GitFailure) return null;
    throw error;
  }
}

/** Whether the folder is a repository whose object names are of this format. */
export async function hasFormat(dir: string, format: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await runGit({ gitDir: dir, args: ['rev-parse', '--show-object-format'], signal });
    return answer.trim() === format;
  } catch (error) {
    if (error instanceof GitFailure) return false;
    throw error;
  }
}

/** Makes the folder an empty mirror, whatever it held. */
export async function createMirror(dir: string, format: string, signal: AbortSignal): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const args = ['init', '--bare', '--quiet', '--template=', `--object-format=${format}`];
  await runGit({ gitDir: dir, args, signal });
}

async function updateMirror(options: MirrorOptions, found: RemoteRef): Promise<void> {
  const { dir, signal } = options;
  const format = found.oid.length === 64 ? 'sha256' : 'sha1';
  const fetch = (): Promise<void> =>
    fetchCommit({
      dir,
      remote: prepareRemoteAccess(options),
      name: found.name,
      pin,
      maxBytes: options.maxBytes ?? defaultMaxBytes,
      signal,
      ...(options.onProgress && { onProgress: options.onProgress }),
    });

  if (!(await hasFormat(dir, format, signal))) {
    await createMirror(dir, format, signal);
    return fetch();
  }
  if ((await readRevision(dir, pin, signal)) === found.oid) return;
  try {
    await tidyMirror(dir, signal);
    await fetch();
  } catch (error) {
    // A lock or half a file of a process that was killed, or a damaged disk. The mirror is only a cache.
    if (!isLocalFailure(error)) throw error;
    await createMirror(dir, format, signal);
    await fetch();
  }
}

/** The face of a mirror whose commit is there; `borrowed` are objects folders that it reads besides its own. */
export function makeMirror(
  options: MirrorOptions,
  url: string,
  ref: string,
  commitSha: string,
  borrowed: readonly string[] = [],
): Mirror {
  const { dir } = options;
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, closing.signal]);
  const running = new Set<GitProcess>();

  function run(args: readonly string[]): GitProcess {
    const git = spawnGit({ gitDir: dir, borrowed, args, signal });
    running.add(git);
    git.done.catch(() => {}).finally(() => running.delete(git));
    return git;
  }

  async function explain(error: unknown): Promise<never> {
    if (error instanceof GitFailure) await rm(dir, { recursive: true, force: true });
    return explainGitFailure(error, { url, ref });
  }

  async function close(): Promise<void> {
    closing.abort(new Error('the mirror was closed'));
    await Promise.allSettled([...running].map((git) => git.done));
  }

  return { dir, commitSha, ref, run, explain, close, [Symbol.asyncDispose]: close };
}

/**
 * Brings a mirror up to date with a repository and pins one commit. The first time everything of that commit
 * is fetched, later only what is new; nothing at all when the ref has not moved. One caller at a time may
 * use a folder.
 *
 * Raises REPOSITORY_NOT_FOUND, REPOSITORY_NEEDS_CREDENTIALS, REPOSITORY_EMPTY, REPOSITORY_REF_UNKNOWN,
 * REPOSITORY_READ_FAILED, UNAVAILABLE (git missing or too old, disk full), and `signal.reason` when aborted.
 */
export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  const { source, signal } = options;
  await checkGitVersion();
  const context = { url: source.kind === 'https' ? source.url : source.path, ref: options.ref ?? 'HEAD' };
  try {
    const found = await findRemoteRef(prepareRemoteAccess(options), options.ref, signal);
    await updateMirror(options, found);
    const commitSha = await readRevision(options.dir, `${pin}^{commit}`, signal);
    // A tag may also point to a single file or folder.
    if (commitSha === null) fail('REPOSITORY_REF_UNKNOWN', { ref: context.ref });
    return makeMirror(options, context.url, found.name, commitSha);
  } catch (error) {
    return explainGitFailure(error, context);
  }
}
