/** The built console, made once for each state of its source: tests of other files and later runs find it. */
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const kept = 'node_modules/.cache/tessera-console';
const sources = ['web/src', 'web/public', 'client/src'];
const single = ['web/index.html', 'web/vite.config.ts', 'web/precompress.ts', 'package-lock.json'];
const keptMs = 24 * 3_600_000;
/** Longer than any build takes. */
const buildMs = 180_000;

async function listSources(): Promise<string[]> {
  const found = await Promise.all(
    sources.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    }),
  );
  return [...found.flat(), ...single].toSorted();
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await listSources()) hash.update(`${path}\n`).update(await readFile(path));
  return hash.digest('hex').slice(0, 16);
}

/** Builds of sources that have changed since; those that others may be using stay. */
async function removeOld(): Promise<void> {
  for (const name of await readdir(kept)) {
    const path = join(kept, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > keptMs) await rm(path, { recursive: true, force: true });
  }
}

/** Takes a build upon oneself; false: somebody else is at it, or was until a moment ago. */
async function begin(mark: string): Promise<boolean> {
  const made = await mkdir(mark).then(
    () => true,
    () => false,
  );
  if (made) return true;
  const { mtimeMs } = await stat(mark).catch(() => ({ mtimeMs: Date.now() }));
  // Whoever was killed at it takes nothing away.
  if (Date.now() - mtimeMs > buildMs) await rm(mark, { recursive: true, force: true });
  await setTimeout(100);
  return false;
}

async function build(): Promise<string> {
  const dir = join(process.cwd(), kept, await hashSources());
  if (existsSync(dir)) return dir;
  await mkdir(kept, { recursive: true });
  const mark = `${dir}-building`;
  // Every worker needs it at the same time, and it costs what a dozen tests do.
  if (!(await begin(mark))) return build();
  try {
    return existsSync(dir) ? dir : await buildInto(dir);
  } finally {
    await rm(mark, { recursive: true, force: true });
  }
}

async function buildInto(dir: string): Promise<string> {
  await removeOld();
  const work = `${dir}-${randomUUID()}`;
  const vite = join(process.cwd(), 'node_modules/vite/bin/vite.js');
  const args = [
    vite,
    'build',
    'web',
    '--config',
    'web/vite.config.ts',
    '--outDir',
    work,
    '--logLevel',
    'warn',
  ];
  const environment = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, args, { env: environment });
  await rename(work, dir);
  return dir;
}

let built: Promise<string> | undefined;

/** The directory of the built console. */
export function buildConsole(): Promise<string> {
  built ??= build();
  return built;
}
