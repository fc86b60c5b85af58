/** A small process that outlives ours by a moment, to stop the PostgreSQL that we started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Account, spawnAs } from './runAs.ts';

/**
 * It gets the server's process id on a pipe from us, and `done` when the server has ended. When the pipe ends
 * without that, we have ended, however it happened. INT is a fast shutdown, which writes everything down;
 * QUIT after 1.5 s an immediate one, from which the next start recovers; KILL after 10 s.
 */
const script = `
trap '' HUP INT TERM
read -r server || exit 0
if read -r word; then exit 0; fi
kill -INT "$server"
tries=0
while kill -0 "$server"; do
  tries=$((tries + 1))
  if [ $tries -eq 15 ]; then kill -QUIT "$server"; fi
  if [ $tries -ge 100 ]; then kill -KILL "$server"; break; fi
  sleep 0.1
done
rm -f "$1"/.s.PGSQL.*
rmdir "$1"
`;

export interface Watchdog {
  /** Names the process to stop when ours ends. */
  guard(pid: number): void;
  /** Says that the process has ended by itself, or was never started, and waits until the watchdog is gone. */
  release(): Promise<void>;
}

/** Starts a watchdog under the server's account, which removes the socket directory once it is of no use. */
export async function startWatchdog(account: Account, socketDirectory: string): Promise<Watchdog> {
  const child = spawn('/bin/sh', ['-c', script, 'sh', socketDirectory], {
    ...spawnAs(account),
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Writing to a watchdog that somebody killed must not end this process.
  child.stdin.on('error', () => {});
  const closed = once(child, 'close');
  closed.catch(() => {});
  await once(child, 'spawn');
  let guarding = false;
  return {
    guard(pid) {
      guarding = true;
      child.stdin.write(`${pid}\n`);
    },
    async release() {
      child.stdin.end(guarding ? 'done\n' : '');
      await closed;
    },
  };
}
