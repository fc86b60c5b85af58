/** NATS servers of tests, where `nats-server` is installed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findFreePort } from './findFreePort.ts';

/** Debian puts servers where not everybody's PATH looks. */
const env = { PATH: `${process.env['PATH']}:/usr/sbin` };

/** Why NATS cannot be tested here; undefined where it can. */
export const noNats: string | undefined =
  spawnSync('nats-server', ['--version'], { env }).status === 0
    ? undefined
    : 'nats-server is not installed (scripts/install-debian-packages does it); what needs it is not tested';

export interface NatsServer extends AsyncDisposable {
  url: string;
  port: number;
  /** Ends it at once, as a crash would; `start` begins another on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Starts a server on a free port of this machine. @param options more of its command line, such as `--user`. */
export async function startNats(...options: string[]): Promise<NatsServer> {
  const port = await findFreePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    const started = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port), ...options], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = started;
    const lines: string[] = [];
    for await (const line of createInterface({ input: started.stderr })) {
      lines.push(line);
      if (line.includes('Server is ready')) {
        started.stderr.resume();
        return;
      }
    }
    throw new Error(`nats-server did not start:\n${lines.join('\n')}`);
  };
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return { url: `nats://127.0.0.1:${port}`, port, kill, start, [Symbol.asyncDispose]: kill };
}
