/**
 * The account that PostgreSQL runs under. PostgreSQL refuses to run as root, so root starts it as the
 * owner of the cluster, or as `postgres` or `nobody` when there is no cluster yet.
 */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, lchown, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fail } from '../../errors.ts';

const run = promisify(execFile);

export interface Account {
  uid: number;
  gid: number;
  /** True when the account is not the one that this process runs under. */
  switched: boolean;
}

/**
 * What a PostgreSQL program sees of our environment: nothing that could hold a secret (its environment
 * is readable by everything that runs under its account) and nothing that changes its defaults (PG…).
 */
export const environment = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };

/**
 * Chooses the account for the cluster in `cluster`, which need not exist.
 * Raises DATABASE_DIRECTORY_REFUSED when the cluster belongs to somebody else and we are not root.
 */
export async function chooseAccount(cluster: string): Promise<Account> {
  const own = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1, switched: false };
  const owner = await stat(cluster).catch(() => undefined);
  if (own.uid !== 0) {
    if (owner && owner.uid !== own.uid) {
      fail('DATABASE_DIRECTORY_REFUSED', {
        path: cluster,
        reason: `it belongs to user ${owner.uid} and this process runs as user ${own.uid}`,
      });
    }
    return own;
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, switched: true };
  return (
    (await lookUp('postgres')) ??
    (await lookUp('nobody')) ??
    fail('DATABASE_START_FAILED', {
      reason: 'PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`',
    })
  );
}

async function lookUp(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout), switched: true };
  } catch {
    return undefined;
  }
}

/** Spawn options that make a child run under the account, away from our environment. */
export function spawnAs(account: Account): { uid?: number; gid?: number; env: NodeJS.ProcessEnv } {
  return account.switched ? { uid: account.uid, gid: account.gid, env: environment } : { env: environment };
}

/** Whether the account can read every path (and enter it, if it is a directory). */
export async function isReachable(account: Account, paths: string[]): Promise<boolean> {
  try {
    if (account.switched) {
      // The kernel is asked as that account: mode bits alone miss ACLs and mount options.
      const script = 'for p; do [ -r "$p" ] && { [ ! -d "$p" ] || [ -x "$p" ]; } || exit 1; done';
      await run('/bin/sh', ['-c', script, 'sh', ...paths], { ...spawnAs(account), cwd: '/' });
    } else {
      await Promise.all(paths.map((path) => access(path, constants.R_OK)));
    }
    return true;
  } catch {
    return false;
  }
}

/** Gives a directory and everything in it to the account. Links themselves change owner, not their targets. */
export async function giveTo(account: Account, directory: string): Promise<void> {
  await lchown(directory, account.uid, account.gid);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await giveTo(account, path);
    else await lchown(path, account.uid, account.gid);
  }
}

/**
 * How a PostgreSQL program that runs under the account names the directory it was started in.
 *
 * The account may not be able to enter the parents (a checkout in root's home, mode 700). A process may
 * still be started *in* such a directory, because root changes there before it gives up its rights, and
 * PostgreSQL needs no parent afterwards: it keeps to paths relative to its working directory. Only the
 * name it is given must resolve without the parents, which Linux's /proc/self/cwd does (proc(5)).
 */
export function nameOfWorkingDirectory(account: Account, directory: string): string {
  return account.switched && process.platform === 'linux' ? '/proc/self/cwd' : directory;
}
