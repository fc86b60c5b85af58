/** Upload and download of a large file by signed URLs, through a server in a process of its own, beside `cp`. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { SecretBox } from '../../src/drivers/secrets/SecretBox.ts';
import { openFileStorage } from '../../src/drivers/storage/openFileStorage.ts';
import { UrlSigner } from '../../src/drivers/storage/UrlSigner.ts';
import { median } from './median.ts';

const run = promisify(execFile);
const megabyte = 2 ** 20;
const megabytes = 1024;
const rounds = 5;
const contentType = 'application/octet-stream';

interface Server extends AsyncDisposable {
  child: ChildProcess;
  url: string;
}

async function startServer(args: readonly string[], env: Record<string, string> = {}): Promise<Server> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /listens on (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return { child, url, [Symbol.asyncDispose]: stop };
  }
  throw new Error('The server did not start.');
}

/** Resident memory in megabytes: now, and at most since it was last forgotten. */
async function readMemory(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

async function makeFile(path: string): Promise<void> {
  await using file = await open(path, 'w');
  const chunk = randomBytes(megabyte);
  for (let index = 0; index < megabytes; index += 1) await file.write(chunk);
  await file.sync();
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/**
 * Both peers read the same file from the page cache. An upload ends when the file is flushed to the disk, so its
 * peer is `cp` and then `sync` of the copy; a download ends when `curl` has written the last byte, so its peer is
 * `cp` alone. Without reflinks, which copy nothing. The floor is an upload to a bare server that pipes into a file:
 * sender and receiver share the machine, as they do in ours. They take turns, and ratios are taken of each round.
 */
export async function measureTransfers(): Promise<Record<string, number>> {
  const dir = await mkdtemp(join(tmpdir(), 'tessera-transfers-'));
  try {
    return await measureIn(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measureIn(dir: string): Promise<Record<string, number>> {
  const dataDir = join(dir, 'data');
  const secret = randomBytes(32);
  const [source, copy, piped] = [join(dir, 'source'), join(dir, 'copy'), join(dir, 'piped')];
  await makeFile(source);
  await using server = await startServer(['src/main.ts', '--services=api'], {
    PORT: '0',
    LOG_LEVEL: 'error',
    DATA_DIR: dataDir,
    SECRET_KEY: secret.toString('base64'),
  });
  await using bare = await startServer(['bench/peers/pipeUpload.ts', piped]);
  const pid = server.child.pid ?? 0;
  const storage = await openFileStorage(join(dataDir, 'storage'), {
    signer: new UrlSigner(new SecretBox([secret]).deriveKeys('storage urls')),
    address: () => `${server.url}/storage`,
  });
  const options = { expiresInSeconds: 3600, contentType };
  const put = await storage.signPut('uploads/large', { ...options, size: megabytes * megabyte });
  const get = await storage.signGet('uploads/large', { ...options, disposition: 'attachment' });
  const curl = (...args: string[]) => run('curl', ['--silent', '--fail', '--show-error', ...args]);
  const upload = (url: string) =>
    curl('--header', `content-type: ${contentType}`, '--upload-file', source, url);
  const cp = () => run('cp', ['--reflink=never', source, copy]);
  const work = {
    download: () => curl('--output', copy, get),
    cp,
    upload: () => upload(put.url),
    cpSync: async () => {
      await cp();
      await run('sync', [copy]);
    },
    floor: () => upload(bare.url),
  };
  await upload(put.url);
  const before = await readMemory(pid);
  // Forgets the peak (proc(5)).
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  const results: Record<keyof typeof work, number>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const seconds = { download: 0, cp: 0, upload: 0, cpSync: 0, floor: 0 };
    for (const name of Object.keys(seconds) as (keyof typeof work)[]) {
      seconds[name] = await time(work[name]);
      // Each finds the same: no copy, and ours without the object that it would replace.
      await rm(copy, { force: true });
      await rm(piped, { force: true });
      if (name === 'cp') await storage.delete('uploads/large');
    }
    results.push(seconds);
  }
  const { peak } = await readMemory(pid);
  const middle = (pick: (result: (typeof results)[number]) => number) => median(results.map(pick));
  return {
    upload_seconds: middle(({ upload: seconds }) => seconds),
    upload_floor_s: middle(({ floor }) => floor),
    cp_sync_seconds: middle(({ cpSync }) => cpSync),
    upload_vs_cp: middle(({ cpSync, upload: seconds }) => cpSync / seconds),
    upload_vs_floor: middle(({ floor, upload: seconds }) => floor / seconds),
    download_seconds: middle(({ download }) => download),
    cp_seconds: middle((result) => result.cp),
    download_vs_cp: middle(({ cp: seconds, download }) => seconds / download),
    transfer_rss_before_mb: before.now,
    transfer_rss_peak_mb: peak,
  };
}
