/**
 * What a cluster's `postmaster.pid` says about the PostgreSQL that runs on it. The file is PostgreSQL's own
 * lock and state file, so it needs no second one of ours: two servers never run on one cluster (an
 * exclusive create, backed by a shared memory segment that outlives a removed file), and who comes second
 * finds the socket in it. Lines: pid, directory, start time, port, socket directory, address, memory, status
 * (PostgreSQL's src/include/utils/pidfile.h).
 */
import { execFile } from 'node:child_process';
import { readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { fail } from '../../errors.ts';
import { role } from './serverSettings.ts';

export interface Postmaster {
  pid: number;
  port: number;
  socketDirectory: string;
  /** `starting`, `ready`, `stopping`; empty while the file is being written. */
  status: string;
}

/** What lies on a cluster before we start on it. */
export interface Occupancy {
  /** The PostgreSQL that accepts connections. */
  running?: Postmaster;
  /** What a PostgreSQL that is gone has left. */
  stale?: Postmaster;
}

/** SQLSTATE of a server that is starting or stopping (PostgreSQL's appendix A). */
const cannotConnectNow = '57P03';
const pause = 20;
/** How long, in ms, a server of which nothing but its program's name is known may refuse connections. */
const doubt = 10_000;
/** How long, in ms, one that is starting or stopping is waited for: it may be replaying its log. */
const patience = 120_000;

/** Reads the file as it is now; undefined without one, or with one that says nothing yet. */
export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(ignoreMissing);
  const [pid = '', , , port, socketDirectory = '', , , status = ''] = text.split('\n');
  if (!/^\d+$/.test(pid)) return undefined;
  return { pid: Number(pid), port: Number(port), socketDirectory, status: status.trim() };
}

/**
 * Finds out whether a PostgreSQL runs on the cluster, waiting while one is starting or stopping.
 * Raises DATABASE_START_FAILED when that takes more than two minutes.
 */
export async function awaitOccupancy(cluster: string): Promise<Occupancy> {
  const since = Date.now();
  for (;;) {
    const found = await readPostmaster(cluster);
    if (!found) {
      if (await removeUnreadable(cluster)) return {};
    } else {
      const kinship = await recognise(found.pid, cluster);
      if (kinship === 'other') return { stale: found };
      if (found.status === 'ready' && (await answers(found))) return { running: found };
      const waited = Date.now() - since;
      if (kinship === 'unknown' && waited > doubt) return { stale: found };
      if (waited > patience) {
        fail('DATABASE_START_FAILED', {
          reason: `PostgreSQL (process ${found.pid}) holds ${cluster}, but it is neither ready nor gone`,
        });
      }
    }
    await sleep(pause);
  }
}

/**
 * A file without a process id is either just being written or what a power failure left. Returns true when
 * there is none (any more).
 */
async function removeUnreadable(cluster: string): Promise<boolean> {
  const file = join(cluster, 'postmaster.pid');
  const found = await stat(file).catch(() => undefined);
  if (!found) return true;
  if (Date.now() - found.mtimeMs < 2000) return false;
  await unlink(file).catch(() => undefined);
  return true;
}

/**
 * Whether a process id still means the PostgreSQL of this cluster (`ours`), or nobody or some other process
 * that got the number later (`other`). `unknown`: a PostgreSQL whose directory we may not see, as in a
 * container without the right to trace.
 */
async function recognise(pid: number, cluster: string): Promise<'ours' | 'other' | 'unknown'> {
  if (process.platform !== 'linux') {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,comm=', '-p', String(pid)]).catch(
      () => ({ stdout: '' }),
    );
    return /^[^Z].*postgres\s*$/.test(stdout) ? 'unknown' : 'other';
  }
  const [, name, state] =
    /\((.*)\) (.)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')) ?? [];
  if (name !== 'postgres' || state === 'Z') return 'other';
  const [theirs, wanted] = await Promise.all([
    stat(`/proc/${pid}/cwd`).catch(() => undefined),
    stat(cluster),
  ]);
  if (!theirs) return 'unknown';
  return theirs.dev === wanted.dev && theirs.ino === wanted.ino ? 'ours' : 'other';
}

/**
 * Whether the server lets us in. Reaching the socket is not enough: the kernel also accepts for a server that
 * has been told to stop, or was killed, a moment ago.
 */
async function answers({ socketDirectory, port }: Postmaster): Promise<boolean> {
  const client = new pg.Client({
    host: socketDirectory,
    port,
    user: role,
    database: 'postgres',
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    return error instanceof pg.DatabaseError && error.code !== cannotConnectNow;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): string {
  if (error.code !== 'ENOENT') throw error;
  return '';
}
