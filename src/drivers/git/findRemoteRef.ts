import { fail } from '../../errors.ts';
import { checkRefName, isObjectName } from './checkRefName.ts';
import { runGit, spawnGit, type GitCommand } from './gitProcess.ts';
import type { RemoteAccess } from './remoteAccess.ts';

export interface RemoteRef {
  /** Full name (`refs/heads/main`), `HEAD` when it is detached, or the object name that was asked for. */
  name: string;
  /** What it points to now: a commit, or an annotated tag. */
  oid: string;
}

const timeoutMs = 120_000;

function listCandidates(ref: string | undefined): string[] {
  if (ref === undefined || ref === 'HEAD') return ['HEAD'];
  checkRefName(ref);
  return ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
}

function makeCommand(remote: RemoteAccess, patterns: readonly string[], signal: AbortSignal): GitCommand {
  return {
    protocol: remote.protocol,
    config: remote.config,
    args: ['ls-remote', '--quiet', '--symref', ...remote.flags, '--', remote.address, ...patterns],
    signal,
    timeoutMs,
  };
}

async function hasAnyRef(remote: RemoteAccess, signal: AbortSignal): Promise<boolean> {
  const git = spawnGit(makeCommand(remote, [], signal));
  git.stdin.end();
  const enough = new Error('there is a ref');
  git.stdout.once('data', () => git.kill(enough));
  try {
    await git.done;
    return false;
  } catch (error) {
    if (error === enough) return true;
    throw error;
  }
}

/**
 * Asks the repository where `ref` points: a branch or a tag by short or full name (the branch wins when both
 * exist), a full commit hash, or the default branch when left out.
 *
 * Raises REPOSITORY_REF_UNKNOWN, REPOSITORY_EMPTY, and GitFailure for a repository that cannot be reached.
 */
export async function findRemoteRef(
  remote: RemoteAccess,
  ref: string | undefined,
  signal: AbortSignal,
): Promise<RemoteRef> {
  if (ref !== undefined && isObjectName(ref)) return { name: ref, oid: ref };
  const candidates = listCandidates(ref);
  const answer = await runGit(makeCommand(remote, candidates, signal));
  const oids = new Map<string, string>();
  let headBranch: string | undefined;
  for (const line of answer.split('\n')) {
    const [value = '', name = ''] = line.split('\t');
    if (value.startsWith('ref: ')) headBranch = name === 'HEAD' ? value.slice('ref: '.length) : headBranch;
    else if (isObjectName(value)) oids.set(name, value);
  }
  const found = candidates.find((name) => oids.has(name));
  if (found === undefined) {
    if (await hasAnyRef(remote, signal)) fail('REPOSITORY_REF_UNKNOWN', { ref: ref ?? 'HEAD' });
    fail('REPOSITORY_EMPTY');
  }
  const name = found === 'HEAD' && headBranch !== undefined ? headBranch : found;
  // A name that the remote gave is as hostile as one that a user gave.
  checkRefName(name);
  return { name, oid: oids.get(found) ?? '' };
}
