/** Processes of their own that start the embedded PostgreSQL, and a look at what they leave behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { EmbeddedConnection } from '../../src/database/embedded/startEmbedded.ts';
import { childEnvironment } from './childEnvironment.ts';

const launcher = new URL('../../src/database/embedded/startEmbedded.ts', import.meta.url).href;
const driver = pathToFileURL(createRequire(import.meta.url).resolve('pg')).href;

export interface ElsewhereOptions {
  dataDir: string;
  /** The user to become, when run as root. The program is loaded before, so its files may be root's. */
  user?: number;
  /** JavaScript to run after the start, with `server`, `pg` and `say` (a line of JSON to us) in scope. */
  next?: string;
  /** Gets the process at once, so that it can be ended even when the start fails. */
  register: (child: ChildProcess) => void;
}

export interface Elsewhere {
  child: ChildProcess;
  owner: boolean;
  connection: EmbeddedConnection;
  /** The next line that the process prints. */
  nextLine: () => Promise<string>;
}

/** Calls `startEmbedded` in a new process, the leader of its own group; raises the error code it got. */
export async function startElsewhere({
  dataDir,
  user,
  next,
  register,
}: ElsewhereOptions): Promise<Elsewhere> {
  const program = `
    const { startEmbedded } = await import(${JSON.stringify(launcher)});
    const { default: pg } = await import(${JSON.stringify(driver)});
    ${user ? `process.setgroups([]); process.setgid(${user}); process.setuid(${user});` : ''}
    const say = (value) => console.log(JSON.stringify(value));
    try {
      const server = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, durable: false });
      say({ owner: server.owner, connection: server.connection });
      ${next ?? 'setInterval(() => {}, 1000);'}
    } catch (error) {
      say({ failed: error.errorCode ?? error.message });
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    // The cache halves what loading costs.
    env: { ...process.env, NODE_COMPILE_CACHE: childEnvironment.NODE_COMPILE_CACHE },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  register(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => String((await lines.next()).value);
  const told = JSON.parse(await nextLine()) as Pick<Elsewhere, 'owner' | 'connection'> & { failed?: string };
  if (told.failed) throw new Error(told.failed);
  return { child, nextLine, owner: told.owner, connection: told.connection };
}

/** The ids of the living processes that work in a directory: PostgreSQL's do in its cluster. Linux only. */
export async function processesIn(directory: string): Promise<string[]> {
  const wanted = await stat(directory).catch(() => undefined);
  if (!wanted || process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const at = await stat(`/proc/${pid}/cwd`).catch(() => undefined);
      if (at?.ino !== wanted.ino || at.dev !== wanted.dev) return [];
      return /\) Z/.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')) ? [] : [pid];
    }),
  );
  return found.flat();
}
