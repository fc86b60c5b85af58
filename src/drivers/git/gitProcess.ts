import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export interface GitCommand {
  /** Repository the command works on (GIT_DIR); left out, git finds none. */
  gitDir?: string;
  /** Folders with objects that count as the repository's own, besides those that it has. */
  borrowed?: readonly string[];
  /** The only protocol git may speak in this call; left out, none. */
  protocol?: 'https' | 'file';
  /** `name=value` settings for this call, besides the hardening ones. */
  config?: readonly string[];
  args: readonly string[];
  /** Ends the call with `signal.reason`. */
  signal?: AbortSignal;
  /** Ends the call with a GitFailure that has `givenUp`. */
  timeoutMs?: number;
  /** Sees each line of stderr as it comes, progress lines too. */
  onStderrLine?: (line: string) => void;
}

export interface GitProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves at exit code 0 with every stream closed; rejects with a GitFailure, or the signal's reason. */
  readonly done: Promise<void>;
  /** Ends the whole process group; `done` then rejects with `reason`. */
  kill(reason: unknown): void;
}

/** How a git process failed; `explainGitFailure` turns it into an error of the table. */
export class GitFailure extends Error {
  readonly stderr: string;
  /** We ended it, for taking too long or sending too much; the message says which. */
  readonly givenUp: boolean;

  constructor(message: string, stderr: string, options: { givenUp?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'GitFailure';
    this.stderr = stderr;
    this.givenUp = options.givenUp ?? false;
  }
}

const maxStderr = 16_384;
const graceMs = 1_000;

/** Settings that every call gets: nothing of the repository or of the machine decides what git runs. */
const hardening = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.useReplaceRefs=false',
  // Git's memory stays flat too: larger blobs are streamed, and packs are mapped a window at a time
  // (195 instead of 576 MB at the peak for a pack of 600 MB).
  'core.bigFileThreshold=4m',
  'core.packedGitWindowSize=16m',
  'core.packedGitLimit=128m',
  'credential.helper=',
  'gc.auto=0',
  'maintenance.auto=false',
  'fetch.recurseSubmodules=false',
  'transfer.bundleURI=false',
];

/** A list as git reads it: parted by colons, each in quotes, as in C, because a path may hold a colon. */
function listFolders(folders: readonly string[]): string {
  const quoted = folders.map((folder) => `"${folder.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`);
  return quoted.join(':');
}

function makeEnvironment(command: GitCommand): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    // curl would otherwise read ~/.netrc, and git ~/.config.
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    // Empty is "no such program", where unset would fall back to SSH_ASKPASS and settings.
    GIT_ASKPASS: '',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    // The same as protocol.allow=never with one exception, but inherited by what git starts.
    GIT_ALLOW_PROTOCOL: command.protocol ?? 'none',
    GIT_DIR: command.gitDir ?? '/dev/null',
  };
  if (command.borrowed?.length)
    environment['GIT_ALTERNATE_OBJECT_DIRECTORIES'] = listFolders(command.borrowed);
  const temporary = process.env['TMPDIR'];
  if (temporary !== undefined) environment['TMPDIR'] = temporary;
  return environment;
}

/** Hides `user:password@` in URLs, and the terminal's control characters. */
function scrub(text: string): string {
  return text.replaceAll(/\/\/[^/\s@]*@/g, '//').replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');
}

function killGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

/** Cuts stderr into lines (progress ends in \r) and keeps the last of what is not progress. */
function collectStderr(stream: Readable, onLine: ((line: string) => void) | undefined): () => string {
  let kept = '';
  let rest = '';
  const take = (line: string): void => {
    onLine?.(line);
    if (!/\d+% \(\d+\/\d+\)/.test(line)) kept = `${kept}${scrub(line)}\n`.slice(-maxStderr);
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = (lines.pop() ?? '').slice(-maxStderr);
    lines.forEach(take);
  });
  stream.on('end', () => take(rest));
  return () => kept.trim();
}

/**
 * Starts git in a process group of its own, with a bare environment and no settings but ours. On abort,
 * timeout or `kill` the whole group gets SIGTERM (git then removes its temporary files and locks), and
 * SIGKILL a second later; `done` settles when the last of them has let go of its streams.
 */
export function spawnGit(command: GitCommand): GitProcess {
  command.signal?.throwIfAborted();
  const config = [...hardening, ...(command.config ?? [])].flatMap((setting) => ['-c', setting]);
  const child = spawn('git', [...config, ...command.args], {
    cwd: '/',
    env: makeEnvironment(command),
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const readStderr = collectStderr(child.stderr, command.onStderrLine);
  // Writing to a git that has already ended; its exit code tells what happened.
  child.stdin.on('error', () => {});

  let closed = false;
  let stopped: { reason: unknown } | undefined;
  let grace: NodeJS.Timeout | undefined;
  const kill = (reason: unknown): void => {
    // Once it is closed, the number of the group may belong to somebody else.
    if (stopped || closed) return;
    stopped = { reason };
    killGroup(child, 'SIGTERM');
    grace = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
    child.stdout.resume();
  };
  const onAbort = (): void => kill(command.signal?.reason);
  command.signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    command.timeoutMs === undefined
      ? undefined
      : setTimeout(() => kill(new GitFailure('it took too long', '', { givenUp: true })), command.timeoutMs);

  const done = new Promise<void>((succeed, reject) => {
    child.once('error', (cause) => {
      closed = true;
      reject(new GitFailure('git could not be started', '', { cause }));
    });
    child.once('close', (code, signal) => {
      closed = true;
      if (stopped) reject(stopped.reason);
      else if (code === 0) succeed();
      else reject(new GitFailure(`git ended with ${signal ?? `code ${code}`}`, readStderr()));
    });
  }).finally(() => {
    clearTimeout(timer);
    clearTimeout(grace);
    command.signal?.removeEventListener('abort', onAbort);
  });
  // Whoever reads stdout awaits this later; until then a failure must not count as unhandled.
  done.catch(() => {});
  return { stdin: child.stdin, stdout: child.stdout, done, kill };
}

/** Runs git to its end and returns stdout as text; more than `maxBytes` of it is a GitFailure. */
export async function runGit(command: GitCommand, maxBytes = 1_048_576): Promise<string> {
  const git = spawnGit(command);
  git.stdin.end();
  const chunks: Buffer[] = [];
  let size = 0;
  git.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) git.kill(new GitFailure('git answered more than expected', ''));
    else chunks.push(chunk);
  });
  await git.done;
  return Buffer.concat(chunks).toString('utf8');
}
