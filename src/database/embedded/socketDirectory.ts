/** Private directories for PostgreSQL's Unix socket. */
import { chown, lstat, mkdtemp, rmdir, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fail } from '../../errors.ts';
import { type Account, isReachable } from './runAs.ts';
import { socketPort } from './serverSettings.ts';

const prefix = 'tessera-pg-';
/** Room for the name in sockaddr_un without its closing zero: 107 bytes on Linux, 103 on macOS and BSD. */
const longestSocketPath = 103;

/** The socket of a server of ours that listens in this directory. */
function socketPath(directory: string): string {
  return join(directory, `.s.PGSQL.${socketPort}`);
}

/** Makes a directory that only the account can enter, with a path short enough for a socket in it. */
export async function makeSocketDirectory(account: Account): Promise<string> {
  for (const place of [tmpdir(), '/tmp']) {
    // PostgreSQL takes a list of directories, in which commas and quotes have a meaning.
    const path = join(place, `${prefix}XXXXXX`);
    if (Buffer.byteLength(socketPath(path)) > longestSocketPath || /[\s,"']/.test(place)) continue;
    if (!(await isReachable(account, [place]))) continue;
    const directory = await mkdtemp(join(place, prefix));
    if (account.switched) await chown(directory, account.uid, account.gid);
    return directory;
  }
  fail('DATABASE_START_FAILED', {
    reason: `user ${account.uid} cannot use ${tmpdir()} or /tmp for a socket, or their paths are too long`,
  });
}

/**
 * Removes what a PostgreSQL that is gone left of its socket directory; a directory that we did not make
 * is left alone. Never fails.
 */
export async function removeSocketDirectory(directory: string): Promise<void> {
  try {
    if (!basename(directory).startsWith(prefix) || !(await lstat(directory)).isDirectory()) return;
    const socket = socketPath(directory);
    await Promise.all([socket, `${socket}.lock`].map((path) => unlink(path).catch(() => undefined)));
    await rmdir(directory);
  } catch {
    // What stays is an empty directory among temporary files.
  }
}
