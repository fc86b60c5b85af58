import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import fc from 'fast-check';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { blobKey, checkKey, checkPrefix } from '../../src/drivers/storage/checkKey.ts';
import { openFileStorage } from '../../src/drivers/storage/openFileStorage.ts';
import { UrlSigner } from '../../src/drivers/storage/UrlSigner.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { serveStorage } from '../../src/http/storage/serveStorage.ts';
import { type Store, listKeys, makeBlobs, putText, testStorage } from './storageContract.ts';
import { quickFolder } from '../support/cluster.ts';

const signingKey = { id: 'k', bytes: randomBytes(32) };

interface FileStore extends Store {
  dir: string;
}

/** With a server of its own, to which its URLs lead. */
async function createStore(): Promise<FileStore> {
  const dir = await mkdtemp(join(await quickFolder(), 'tessera-storage-'));
  const signer = new UrlSigner([signingKey]);
  const server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/storage`;
  const storage = await openFileStorage(dir, { signer, address: () => address });
  const serve = serveStorage({
    storage,
    signer,
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    allowedOrigins: () => new Set(),
    stalledMs: 60_000,
  });
  return {
    dir,
    storage,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

testStorage(createStore);

describe('the file store', () => {
  it('is read by nobody but the user that runs it', async () => {
    await using store = await createStore();
    await putText(store.storage, 'a/b', 'x');
    expect((await stat(join(store.dir, 'a'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(store.dir, 'a', 'b'))).mode & 0o777).toBe(0o600);
  });

  it('leaves no half-written file when a source fails', async () => {
    await using store = await createStore();
    const failing = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(5_000_000);
      throw new Error('the connection broke');
    };
    await expect(store.storage.putStream('a', failing())).rejects.toThrow('the connection broke');
    expect(await readdir(join(store.dir, '~staging'))).toEqual([]);
  });

  it('gives nothing of an empty object, whatever part is asked for', async () => {
    await using store = await createStore();
    await putText(store.storage, 'empty', '');
    expect(await buffer(await store.storage.getRange('empty', 0, 10))).toEqual(Buffer.alloc(0));
  });

  it('removes what a process that died long ago had begun, and leaves what one may still be writing', async () => {
    await using store = await createStore();
    const staging = join(store.dir, '~staging');
    await mkdir(join(staging, 'old'));
    await writeFile(join(staging, 'old', 'x'), 'x');
    await writeFile(join(staging, 'young'), 'x');
    await utimes(join(staging, 'old'), 0, 0);
    await openFileStorage(store.dir);
    expect(await readdir(staging)).toEqual(['young']);
  });

  it('lists every key with a prefix in byte order, as an object store does', async () => {
    await using store = await createStore();
    const name = fc.stringMatching(/^[ab.-]{1,3}$/).filter((text) => text !== '.' && text !== '..');
    const key = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 12 }),
        fc.stringMatching(/^[ab.-]{0,2}$/),
        async (keys, rest) => {
          const folder = `r${round++}`;
          // A key cannot also be the folder of another one.
          const usable = keys.filter((one) => !keys.some((other) => other.startsWith(`${one}/`)));
          for (const one of usable) await writeUnflushed(store.dir, `${folder}/${one}`);
          const prefix = `${folder}/${rest}`;
          const expected = usable.map((one) => `${folder}/${one}`).filter((one) => one.startsWith(prefix));
          expect(await listKeys(store.storage, prefix)).toEqual(expected.sort());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('does not list what is half written', async () => {
    await using store = await createStore();
    await using batch = await store.storage.openBlobBatch();
    const [blob] = makeBlobs(1, 10);
    await batch.put(blob?.sha256 ?? '', blob?.bytes ?? Buffer.alloc(0));
    expect(await listKeys(store.storage, '')).toEqual([]);
    await batch.commit();
    expect(await listKeys(store.storage, '')).toEqual([blobKey(blob?.sha256 ?? '')]);
  });
});

async function writeUnflushed(dir: string, key: string): Promise<void> {
  await mkdir(join(dir, key, '..'), { recursive: true });
  await writeFile(join(dir, key), '');
}

describe('a batch of blobs', () => {
  it('leaves nothing when it is not committed', async () => {
    await using store = await createStore();
    const [blob] = makeBlobs(1, 10);
    {
      await using batch = await store.storage.openBlobBatch();
      await batch.put(blob?.sha256 ?? '', blob?.bytes ?? Buffer.alloc(0));
    }
    expect(await listKeys(store.storage, '')).toEqual([]);
    expect(await readdir(join(store.dir, '~staging'))).toEqual([]);
    const batch = await store.storage.openBlobBatch();
    await batch.commit();
    await expect(batch.commit()).rejects.toThrow('committed');
    expect(() => batch.put(blob?.sha256 ?? '', Buffer.alloc(0))).toThrow('committed');
  });

  it('mends a blob that lost its end', async () => {
    await using store = await createStore();
    const blobs = makeBlobs(1, 100);
    const path = join(store.dir, blobKey(blobs[0]?.sha256 ?? ''));
    await store.storage.putBlobs(blobs);
    await truncate(path, 10);
    expect(await store.storage.putBlobs(blobs)).toEqual({ written: 1, present: 0 });
    expect(await readFile(path)).toEqual(blobs[0]?.bytes);
  });

  it('lets the event loop turn while it writes thousands of blobs', async () => {
    await using store = await createStore();
    const blobs = makeBlobs(30_000, 100);
    let inThisTurn = 0;
    let most = 0;
    function* count() {
      for (const blob of blobs) {
        inThisTurn += 1;
        most = Math.max(most, inThisTurn);
        yield blob;
      }
    }
    let isWriting = true;
    const turn = () => {
      inThisTurn = 0;
      if (isWriting) setImmediate(turn);
    };
    turn();
    await store.storage.putBlobs(count());
    isWriting = false;
    // Those of one slice of time; how many that are is up to the machine.
    expect(most).toBeLessThan(blobs.length);
  });

  it('works where the whole file system cannot be flushed at once', async () => {
    await using store = await createStore();
    const blobs = makeBlobs(3, 10);
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      expect(await store.storage.putBlobs(blobs)).toEqual({ written: 3, present: 0 });
    } finally {
      process.env['PATH'] = path;
    }
    expect(await listKeys(store.storage, 'blobs/')).toHaveLength(3);
  });
});

describe('a full disk', () => {
  // A limit on the size of files (ulimit -f, in blocks of 512 bytes) fails writes in the middle, like a full
  // disk, and needs no privilege.
  async function runLimited(dir: string, body: string): Promise<string> {
    const storage = new URL('../../src/drivers/storage/openFileStorage.ts', import.meta.url);
    const script = `
      import { openFileStorage } from ${JSON.stringify(storage.href)};
      const storage = await openFileStorage(${JSON.stringify(dir)});
      const big = Buffer.alloc(200_000, 1);
      async function* stream() { for (let i = 0; i < 4; i++) yield big.subarray(0, 50_000); }
      try { ${body} } catch (error) { console.log(error.errorCode, error.message); }`;
    const args = [
      '-c',
      'ulimit -f 128; exec "$0" "$@"',
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ];
    const { stdout } = await promisify(execFile)('/bin/sh', args);
    return stdout;
  }

  it('in the middle of a stream leaves nothing and says what is wrong', async () => {
    await using store = await createStore();
    const said = await runLimited(store.dir, "await storage.putStream('a', stream());");
    expect(said).toContain('UNAVAILABLE');
    expect(said).toContain('no room left');
    expect(await listKeys(store.storage, '')).toEqual([]);
    expect(await readdir(join(store.dir, '~staging'))).toEqual([]);
  });

  it('in the middle of a batch leaves nothing and says what is wrong', async () => {
    await using store = await createStore();
    const sha256 = createHash('sha256').update('any').digest('hex');
    const blobs = `[{ sha256: '${sha256}', bytes: big }]`;
    expect(await runLimited(store.dir, `await storage.putBlobs(${blobs});`)).toContain('UNAVAILABLE');
    expect(await listKeys(store.storage, '')).toEqual([]);
    expect(await readdir(join(store.dir, '~staging'))).toEqual([]);
  });
});

describe('a storage key', () => {
  it.each(['a', 'a/b.c', 'A-Z_0.9', '...', 'a/..b'])('%s is taken', (key) => {
    expect(() => checkKey(key)).not.toThrow();
  });

  it.each([
    '',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/../b',
    '../a',
    'a/.',
    'a b',
    'a\0',
    'a\\b',
    'ä',
    '~staging',
    '~staging/x',
    'a\n',
    `${'a/'.repeat(300)}a`,
    'a'.repeat(201),
  ])('%j is refused', (key) => {
    expect(() => checkKey(key)).toThrow(TypeError);
  });

  it('never leads out of the folder, whatever the text', async () => {
    await using store = await createStore();
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('.', '/', 'a', '~', '\0', '\\', '%') }),
        async (key) => {
          const isRefused = await store.storage.head(key).then(
            () => false,
            (error: unknown) => error instanceof TypeError,
          );
          expect(isRefused || join(store.dir, key).startsWith(`${store.dir}/`)).toBe(true);
        },
      ),
    );
  });

  it('starts with a prefix that keys can have', () => {
    for (const prefix of ['', 'a', 'a/', 'a/b.', 'a/.']) expect(() => checkPrefix(prefix)).not.toThrow();
    for (const prefix of ['/', '../', 'a/../', 'a//', '~', 'a b'])
      expect(() => checkPrefix(prefix)).toThrow(TypeError);
  });

  it('of a blob is made from a SHA-256 and from nothing else', () => {
    expect(blobKey('ab'.repeat(32))).toBe(`blobs/ab/${'ab'.repeat(32)}`);
    for (const text of ['', '../../etc/passwd', 'AB'.repeat(32), 'a'.repeat(63), `${'a'.repeat(64)}\n`]) {
      expect(() => blobKey(text)).toThrow(TypeError);
    }
  });
});
