import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';

export interface Program {
  /** A program on PATH, or its path. */
  command: string;
  args: readonly string[];
  /** Ends the call with `signal.reason`. */
  signal?: AbortSignal;
  /** Ends the call with a ProgramFailure; left out, it may take as long as it likes. */
  timeoutMs?: number;
  /** Of stdout; more ends the call with a ProgramFailure. Default: 1 MiB. */
  maxOutputBytes?: number;
  /** Added to a bare environment (PATH, HOME=/nonexistent, LC_ALL=C, TMPDIR when we have it). */
  env?: Readonly<Record<string, string>>;
  /** Default: `/`. */
  cwd?: string;
  /** Address space of each process, at most; where the system knows no such limit it has none. */
  memoryBytes?: number;
}

export interface ProgramResult {
  stdout: string;
  /** Its last 16 kB. */
  stderr: string;
  /** As a shell counts: 128 and the signal's number for one that a signal ended. */
  code: number;
}

/** Why a program did not come to an end of its own; how it ended by itself is for the caller to judge. */
export class ProgramFailure extends Error {
  /** `missing`: it could not be started. `slow`: it took longer than `timeoutMs`. `talkative`: it printed too much. */
  readonly why: 'missing' | 'slow' | 'talkative';

  constructor(why: ProgramFailure['why'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProgramFailure';
    this.why = why;
  }
}

const mebibyte = 1_048_576;
const maxStderr = 16_384;
const graceMs = 1_000;
/** What shells answer when they find no such program, or one that is not to be run. */
const notStarted = new Set([126, 127]);

/**
 * Stays in the group, reads the pipe that this process holds the other end of, and kills the group when it
 * closes: no program outlives a worker that was killed.
 */
const gate = `
[ "$1" = 0 ] || ulimit -v "$1" 2>/dev/null
shift
(read -r _ <&3; kill -KILL 0) </dev/null >/dev/null 2>&1 &
exec 3<&-
exec "$@"`;

function makeEnvironment(given: Readonly<Record<string, string>>): Record<string, string> {
  const temporary = process.env['TMPDIR'];
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    ...(temporary === undefined ? {} : { TMPDIR: temporary }),
    ...given,
  };
}

function signalGroup({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

/** Keeps the last of what comes. */
function keepTail(stream: Readable, most: number): () => string {
  let kept = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-most);
  });
  return () => kept.toString('utf8');
}

/**
 * Runs a program to its end, in a process group of its own. On abort, timeout or too much output the whole
 * group gets SIGTERM, and SIGKILL a second later; what the program leaves running when it ends is killed too,
 * and so is everything when this process dies. Hand a job's `signal` on, so that cancelling the job ends it.
 * @returns what it printed and how it ended, whatever its exit code.
 * @throws the signal's reason; ProgramFailure
 */
export async function runProgram(program: Program): Promise<ProgramResult> {
  const { command, args, signal, timeoutMs, maxOutputBytes = mebibyte, env = {}, cwd = '/' } = program;
  signal?.throwIfAborted();
  const kibibytes = Math.ceil((program.memoryBytes ?? 0) / 1024);
  const child = spawn('/bin/sh', ['-c', gate, 'sh', String(kibibytes), command, ...args], {
    cwd,
    env: makeEnvironment(env),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('A program that was started without pipes.');
  let stopped: { reason: unknown } | undefined;
  let grace: NodeJS.Timeout | undefined;
  const stop = (reason: unknown): void => {
    if (stopped) return;
    stopped = { reason };
    signalGroup(child, 'SIGTERM');
    grace = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  };
  const onAbort = (): void => stop(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const slow = () => stop(new ProgramFailure('slow', `${command} took longer than ${timeoutMs} ms`));
  const timer = timeoutMs === undefined ? undefined : setTimeout(slow, timeoutMs);

  const chunks: Buffer[] = [];
  let size = 0;
  stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxOutputBytes) chunks.push(chunk);
    else stop(new ProgramFailure('talkative', `${command} printed more than ${maxOutputBytes} bytes`));
  });
  const readStderr = keepTail(stderr, maxStderr);
  // The watcher's end of it breaks when the group is killed.
  child.stdio[3]?.on('error', () => {});

  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', (cause) =>
        reject(new ProgramFailure('missing', `${command} could not be started`, { cause })),
      );
      // The watcher is still in the group, so its number cannot belong to anybody else yet.
      child.once('exit', () => signalGroup(child, 'SIGKILL'));
      child.once('close', (exitCode, ended) =>
        resolve(exitCode ?? 128 + (ended ? constants.signals[ended] : 0)),
      );
    });
    if (stopped) throw stopped.reason;
    if (notStarted.has(code)) throw new ProgramFailure('missing', `${command} could not be started`);
    return { stdout: Buffer.concat(chunks).toString('utf8'), stderr: readStderr(), code };
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    signal?.removeEventListener('abort', onAbort);
  }
}
