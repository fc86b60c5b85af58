import { rm } from 'node:fs/promises';
import { fail } from '../../errors.ts';
import { checkGitVersion } from './checkGitVersion.ts';
import { explainGitFailure, isLocalFailure } from './explainGitFailure.ts';
import { fetchCommit, type FetchProgress } from './fetchCommit.ts';
import { findRemoteRef, type RemoteRef } from './findRemoteRef.ts';
import { GitFailure, runGit, spawnGit } from './gitProcess.ts';
import { createMirror, formatOf, hasFormat } from './mirrorFolder.ts';
import { ObjectReader, type TakePiece } from './ObjectReader.ts';
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
  /** Full hash of the commit, and of its tree, in hexadecimal. */
  readonly commitSha: string;
  readonly treeOid: string;
  /** Full name of the ref it was found by (`refs/heads/main`), `HEAD`, or the hash that was asked for. */
  readonly ref: string;
  /**
   * Reads objects by their names; `listTree` and `hashBlobs` are built on it. Calls at the same time have a git
   * each. Raises the error of the table, and what `take` raises; a damaged mirror is deleted, so the next sync
   * heals.
   */
  read(names: readonly string[], take: TakePiece): Promise<void>;
  /** Ends all git processes. The folder stays, for the next sync to build on. */
  close(): Promise<void>;
}

const pin = 'refs/tessera/pin';
const defaultMaxBytes = 4 * 2 ** 30;

/** Where the pin points to, null when there is none. */
async function readPin(dir: string, signal: AbortSignal): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', pin];
  try {
    return (await runGit({ gitDir: dir, args, signal })).trim();
  } catch (error) {
    if (error instanceof GitFailure) return null;
    throw error;
  }
}

async function updateMirror(options: MirrorOptions, found: RemoteRef): Promise<void> {
  const { dir, signal } = options;
  const format = formatOf(found.oid);
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

  if (!(await hasFormat(dir, format))) {
    await createMirror(dir, format);
    return fetch();
  }
  if ((await readPin(dir, signal)) === found.oid) return;
  try {
    await tidyMirror(dir, signal);
    await fetch();
  } catch (error) {
    // A lock or half a file of a process that was killed, or a damaged disk. The mirror is only a cache.
    if (!isLocalFailure(error)) throw error;
    await createMirror(dir, format);
    await fetch();
  }
}

/** Hash and tree of the commit that a revision names, null when there is none. */
async function readCommit(
  reader: ObjectReader,
  revision: string,
): Promise<Pick<Mirror, 'commitSha' | 'treeOid'> | null> {
  let commitSha = '';
  let text = '';
  await reader.read([`${revision}^{commit}`], (piece) => {
    if (piece.kind === 'header') commitSha = piece.oid;
    else if (piece.kind === 'data') text += piece.bytes.toString('latin1');
  });
  const treeOid = /^tree (\w+)\n/.exec(text)?.[1];
  return treeOid === undefined ? null : { commitSha, treeOid };
}

/**
 * Opens the commit that a revision names in the mirror's folder, as it is; null when it is not there.
 * @param at.borrowed objects folders that it may lie in besides the mirror's own.
 */
export async function openCommit(
  options: MirrorOptions,
  at: { url: string; ref: string; revision: string; borrowed?: readonly string[] },
): Promise<Mirror | null> {
  const { dir } = options;
  const { url, ref, borrowed = [] } = at;
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, closing.signal]);
  const readers = new Set<ObjectReader>();
  const idle: ObjectReader[] = [];

  function startReader(): ObjectReader {
    const reader = new ObjectReader(spawnGit({ gitDir: dir, borrowed, args: ObjectReader.args, signal }));
    readers.add(reader);
    return reader;
  }

  async function read(names: readonly string[], take: TakePiece): Promise<void> {
    const reader = idle.pop() ?? startReader();
    try {
      await reader.read(names, take);
      idle.push(reader);
    } catch (error) {
      await reader.end();
      if (error instanceof GitFailure) await rm(dir, { recursive: true, force: true });
      explainGitFailure(error, { url, ref });
    }
  }

  async function close(): Promise<void> {
    closing.abort(new Error('the mirror was closed'));
    await Promise.all([...readers].map((reader) => reader.end()));
  }

  try {
    const first = startReader();
    const commit = await readCommit(first, at.revision);
    if (commit === null) {
      await close();
      return null;
    }
    idle.push(first);
    return { dir, ...commit, ref, read, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
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
    const at = { url: context.url, ref: found.name, revision: pin };
    // A tag may also point to a single file or folder.
    return (await openCommit(options, at)) ?? fail('REPOSITORY_REF_UNKNOWN', { ref: context.ref });
  } catch (error) {
    return explainGitFailure(error, context);
  }
}
