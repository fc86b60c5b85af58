/** The embedded PostgreSQL: a real server on a directory of ours, from the programs that npm installed. */
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../../errors.ts';
import { provideBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { type LaunchedPostgres, launchPostgres } from './launchPostgres.ts';
import { awaitOccupancy, type Postmaster } from './postmaster.ts';
import { type Account, chooseAccount } from './runAs.ts';
import { openServerLog } from './serverLog.ts';
import { role, socketPort, startSettings } from './serverSettings.ts';
import { makeSocketDirectory, removeSocketDirectory } from './socketDirectory.ts';

export interface EmbeddedOptions {
  /** The data directory, such as `.tessera`; the cluster lies in `<dataDir>/postgres`. Made when missing. */
  dataDir: string;
  /**
   * Whether what is committed survives the loss of power (default true). False is faster, and for tests,
   * the demo and benchmarks only. When attached, the server stays as its owner started it.
   */
  durable?: boolean;
  /** Takes the server's log line by line. Default: the server appends to `<dataDir>/postgres.log`. */
  log?: (line: string) => void;
  /** Further server settings by name; those that keep the server private cannot be changed. */
  settings?: Record<string, string>;
}

export interface EmbeddedConnection {
  /** The directory of the Unix socket. */
  host: string;
  port: number;
  user: string;
  database: string;
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** What `new pg.Pool()` takes. There is no password: only root and the owner can enter the directory. */
  connection: EmbeddedConnection;
  /** False when attached to a server that another process owns; it ends when that process ends. */
  owner: boolean;
  /** The connection to a database as a URL, with the socket directory encoded as its host. */
  url: (database: string) => string;
  /** Resolves when the server that this process started has ended without being asked to; never when attached. */
  lost: Promise<void>;
  /** Stops the server (fast: open transactions are rolled back) and waits for it. Does nothing when attached. */
  stop: () => Promise<void>;
}

/** How long, in ms, what an earlier server left (its last processes, its lock) is given to go away. */
const patience = 15_000;

/**
 * Starts PostgreSQL on a data directory, making its cluster first if need be; or attaches to the server that
 * already runs there. Any number of processes may call this at once: PostgreSQL's own lock lets one win.
 *
 * The server listens on a Unix socket in a private directory only, never on the network. It keeps this
 * process alive until it is stopped, and ends when this process ends, even by SIGKILL. Run as root, it takes the account of the cluster's owner, `postgres` or
 * `nobody`.
 *
 * Raises DATABASE_NO_BINARIES, DATABASE_VERSION_MISMATCH, DATABASE_DIRECTORY_REFUSED and
 * DATABASE_START_FAILED.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'postgres');
  if (process.platform === 'win32') fail('DATABASE_NO_BINARIES', { platform: process.platform });
  await ensureDirectory(dataDir);
  const account = await chooseAccount(cluster);
  let deadline = Infinity;
  for (;;) {
    const { running, stale } = await awaitOccupancy(cluster);
    if (running) return describe({ host: running.socketDirectory, port: running.port }, undefined);
    const attempt = await attemptStart({ ...options, dataDir }, cluster, account, stale);
    if (typeof attempt !== 'string') return attempt;
    if (!isPassing(attempt) || Date.now() > deadline) fail('DATABASE_START_FAILED', { reason: attempt });
    deadline = Math.min(deadline, Date.now() + patience);
    await sleep(50);
  }
}

async function ensureDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.W_OK | constants.X_OK);
  } catch (cause) {
    fail('DATABASE_DIRECTORY_REFUSED', { path, reason: (cause as Error).message }, { cause });
  }
}

/** Starts the server; returns the reason in PostgreSQL's words when it did not come up. */
async function attemptStart(
  options: EmbeddedOptions,
  cluster: string,
  account: Account,
  stale: Postmaster | undefined,
): Promise<EmbeddedPostgres | string> {
  const { dataDir, durable = true, settings } = options;
  const binaries = await provideBinaries(account);
  await ensureCluster(cluster, binaries, account, durable);
  if (stale) await removeSocketDirectory(stale.socketDirectory);
  const log = await openServerLog(dataDir, options.log);
  const host = await makeSocketDirectory(account);
  let launched: LaunchedPostgres | undefined;
  try {
    const serverSettings = startSettings(durable, host, settings);
    launched = await launchPostgres({
      cluster,
      binaries,
      account,
      settings: serverSettings,
      host,
      log,
      stale,
    });
    if (await launched.becomesReady()) return describe({ host, port: socketPort }, launched);
    await removeSocketDirectory(host);
    return await log.findReason();
  } catch (cause) {
    await launched?.stop();
    await removeSocketDirectory(host);
    fail('DATABASE_START_FAILED', { reason: (cause as Error).message }, { cause });
  } finally {
    await log.close();
  }
}

/** Whether a failed start is worth another look: somebody else was faster, or is not quite gone. */
function isPassing(reason: string): boolean {
  return /lock file ".*" already exists|lock file ".*" is empty|pre-existing shared memory/.test(reason);
}

function describe(
  { host, port }: { host: string; port: number },
  launched: LaunchedPostgres | undefined,
): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    await launched?.stop();
    if (launched) await removeSocketDirectory(host);
  }
  const lost = new Promise<void>((settle) => {
    const tell = () => {
      if (!stopping) settle();
    };
    launched?.ended.then(tell, tell);
  });
  return {
    lost,
    connection: { host, port, user: role, database: 'postgres' },
    owner: launched !== undefined,
    url: (database) =>
      `postgresql://${role}@${encodeURIComponent(host)}:${port}/${encodeURIComponent(database)}`,
    stop: () => (stopping ??= stop()),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
}
