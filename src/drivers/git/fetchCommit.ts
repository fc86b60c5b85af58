import { GitFailure, spawnGit } from './gitProcess.ts';
import type { RemoteAccess } from './remoteAccess.ts';

/** How far the fetch is within its stage. Stages follow each other; small repositories skip some. */
export interface FetchProgress {
  stage: 'receiving' | 'resolving';
  percent: number;
}

export interface FetchOptions {
  dir: string;
  remote: RemoteAccess;
  /** What to fetch: a full ref name or an object name. */
  name: string;
  /** The private ref that is to point to it. */
  pin: string;
  /** A repository that sends more bytes than this is given up. */
  maxBytes: number;
  signal: AbortSignal;
  onProgress?: (progress: FetchProgress) => void;
}

const timeoutMs = 1_800_000;
const units: Readonly<Record<string, number>> = {
  bytes: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

// Faults that old but honest repositories have and that cannot hurt here, and faults of files that nothing
// here reads. What stays fatal makes paths ambiguous: `..`, `.git`, a slash in a name, a name twice.
const toleratedFaults = [
  'zeroPaddedFilemode',
  'missingSpaceBeforeDate',
  'badTimezone',
  'badDate',
  'badDateOverflow',
  'missingEmail',
  'badEmail',
  'missingNameBeforeEmail',
  'badName',
  'missingTaggerEntry',
  'badTagName',
  'gitmodulesBlob',
  'gitmodulesLarge',
  'gitmodulesMissing',
  'gitmodulesName',
  'gitmodulesParse',
  'gitmodulesPath',
  'gitmodulesSymlink',
  'gitmodulesUpdate',
  'gitmodulesUrl',
];

const config = [
  'fetch.fsckObjects=true',
  ...toleratedFaults.map((fault) => `fetch.fsck.${fault}=ignore`),
  // Always a pack: loose objects would skip index-pack, and thousands of them are slow.
  'fetch.unpackLimit=1',
  'protocol.version=2',
];

function readProgress(line: string): (FetchProgress & { bytes: number }) | null {
  const match = /^(Receiving objects|Resolving deltas): +(\d+)% \(\d+\/\d+\)(?:, ([\d.]+) (\w+))?/.exec(line);
  if (!match) return null;
  const stage = match[1] === 'Receiving objects' ? 'receiving' : 'resolving';
  return { stage, percent: Number(match[2]), bytes: Number(match[3] ?? 0) * (units[match[4] ?? ''] ?? 0) };
}

/**
 * Fetches one commit with its tree and files, without history (depth 1), into a bare repository and points
 * `pin` at it. What an earlier fetch brought is not sent again. Raises GitFailure.
 *
 * Depth 1 costs nothing for a repository without history (10,000 files: 0.38 s either way) and saves all of
 * it for one that has some; it works from sources that are themselves shallow.
 */
export async function fetchCommit(options: FetchOptions): Promise<void> {
  const { remote } = options;
  const git = spawnGit({
    gitDir: options.dir,
    protocol: remote.protocol,
    config: [...config, ...remote.config],
    args: [
      'fetch',
      '--progress',
      '--depth=1',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-auto-maintenance',
      '--no-recurse-submodules',
      ...remote.flags,
      '--',
      remote.address,
      `+${options.name}:${options.pin}`,
    ],
    signal: options.signal,
    timeoutMs,
    onStderrLine(line) {
      const progress = readProgress(line);
      if (!progress) return;
      if (progress.bytes > options.maxBytes) {
        const limit = Math.round(options.maxBytes / 2 ** 20);
        git.kill(new GitFailure(`it holds more than ${limit} MiB`, '', { givenUp: true }));
      }
      options.onProgress?.({ stage: progress.stage, percent: progress.percent });
    },
  });
  git.stdin.end();
  git.stdout.resume();
  await git.done;
}
