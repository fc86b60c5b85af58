/** Runs the `postgres` program so that it ends with this process, however that ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { type Postmaster, readPostmaster } from './postmaster.ts';
import { type Account, nameOfWorkingDirectory, spawnAs } from './runAs.ts';
import { asArguments } from './serverSettings.ts';
import type { ServerLog } from './serverLog.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

/** Becomes PostgreSQL at a word from us, and ends when we do before that: the watchdog has to know it first. */
const gate = 'read -r go || exit 1; exec "$@" </dev/null';

/** In ms; a fast shutdown that takes longer, because a client or the disk hangs, becomes an immediate one. */
const longestShutdown = 30_000;
const pause = 10;

export interface LaunchOptions {
  cluster: string;
  binaries: Binaries;
  account: Account;
  settings: Record<string, string>;
  /** The socket directory, which the watchdog removes when we cannot. */
  host: string;
  log: ServerLog;
  /** What the cluster's lock file says about a server that is gone. */
  stale?: Postmaster | undefined;
}

export interface LaunchedPostgres {
  /** Waits until the server accepts connections. False when it has ended, with all its processes, instead. */
  becomesReady(): Promise<boolean>;
  /** Settles when the server and all its processes have ended, for whatever reason. */
  ended: Promise<void>;
  /** Fast shutdown: open transactions are rolled back. Returns when all its processes have ended. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL in a session of its own, so a Ctrl-C in the terminal reaches only us. */
export async function launchPostgres(options: LaunchOptions): Promise<LaunchedPostgres> {
  const { cluster, binaries, account, settings, host, log, stale } = options;
  const { env, ...identity } = spawnAs(account);
  const program = join(binaries.native, 'bin', 'postgres');
  const command = [program, '-D', nameOfWorkingDirectory(account, cluster), ...asArguments(settings)];
  const watchdog = await startWatchdog(account, host);
  const child = spawn('/bin/sh', ['-c', gate, 'sh', ...command], {
    ...identity,
    // The stale process id may belong to another process by now. PostgreSQL takes a lock file with this
    // one for a leftover (pg_ctl passes its parent's), and still checks that no server uses the cluster.
    env: stale ? { ...env, PG_GRANDPARENT_PID: String(stale.pid) } : env,
    cwd: cluster,
    detached: true,
    stdio: ['pipe', 'ignore', log.target],
  });
  child.stdin?.on('error', () => {});
  log.follow(child);
  // `close` also waits for the end of its standard error, where its last words are.
  const ended = endOf(child, watchdog);
  // A program that cannot be run is reported by the next line, and would be by this one a second time.
  ended.catch(() => {});
  await once(child, 'spawn');
  watchdog.guard(child.pid ?? 0);
  child.stdin?.end('go\n');
  return {
    ended,
    async becomesReady() {
      if (await becomesReady(child, cluster)) return true;
      await ended;
      return false;
    },
    async stop() {
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGQUIT'), longestShutdown);
      await ended.finally(() => clearTimeout(timer));
    },
  };
}

async function endOf(child: ChildProcess, watchdog: Watchdog): Promise<void> {
  try {
    await once(child, 'close');
  } finally {
    await watchdog.release();
  }
}

async function becomesReady(child: ChildProcess, cluster: string): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const found = await readPostmaster(cluster);
    if (found?.pid === child.pid && found?.status === 'ready') return true;
    await sleep(pause);
  }
  return false;
}
