import { execFile } from 'node:child_process';
import { createHash, hash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blobKey, checkKey, checkPrefix } from '../../src/drivers/storage/checkKey.ts';
import { openFileStorage } from '../../src/drivers/storage/openFileStorage.ts';
import type { Storage, StoredObject } from '../../src/drivers/storage/Storage.ts';

async function createStore(): Promise<{ dir: string; storage: Storage } & AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), 'tessera-storage-'));
  const storage = await openFileStorage(dir);
  return { dir, storage, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

function makeBlobs(count: number, size: number): { sha256: string; bytes: Buffer }[] {
  return Array.from({ length: count }, () => {
    const bytes = randomBytes(size);
    return { sha256: hash('sha256', bytes), bytes };
  });
}

async function listKeys(storage: Storage, prefix: string): Promise<string[]> {
  const objects: StoredObject[] = [];
  for await (const object of storage.list(prefix)) objects.push(object);
  return objects.map(({ key }) => key);
}

function putText(storage: Storage, key: string, text: string): Promise<StoredObject> {
  return storage.putStream(key, Readable.from([Buffer.from(text)]));
}

describe('the file store', () => {
  it('gives back what was put: whole, as a stream, in part, and its size', async () => {
    await using store = await createStore();
    const { storage } = store;
    const content = randomBytes(300_000);
    const stored = await storage.putStream(
      'jobs/1/out.bin',
      Readable.from([content.subarray(0, 7), content.subarray(7)]),
    );
    expect(stored).toEqual({ key: 'jobs/1/out.bin', size: 300_000 });
    expect(await storage.head('jobs/1/out.bin')).toEqual({ size: 300_000 });
    expect(await storage.getBuffer('jobs/1/out.bin', 300_000)).toEqual(content);
    expect(await buffer(await storage.getStream('jobs/1/out.bin'))).toEqual(content);
    expect(await buffer(await storage.getRange('jobs/1/out.bin', 10, 19))).toEqual(content.subarray(10, 20));
    expect(await buffer(await storage.getRange('jobs/1/out.bin', 299_999, 400_000))).toEqual(
      content.subarray(299_999),
    );
    await expect(storage.getBuffer('jobs/1/out.bin', 299_999)).rejects.toThrow(RangeError);
    await expect(storage.getRange('jobs/1/out.bin', 5, 4)).rejects.toThrow(RangeError);
  });

  it('is read by nobody but the user that runs it', async () => {
    await using store = await createStore();
    await putText(store.storage, 'a/b', 'x');
    expect((await stat(join(store.dir, 'a'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(store.dir, 'a', 'b'))).mode & 0o777).toBe(0o600);
  });

  it('says of a missing key, and of a folder, that there is no such file', async () => {
    await using store = await createStore();
    await putText(store.storage, 'a/b', 'x');
    for (const key of ['missing', 'a', 'a/b/c']) {
      expect(await store.storage.head(key)).toBeNull();
      await expect(store.storage.getStream(key)).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
      await expect(store.storage.getRange(key, 0, 1)).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
      await expect(store.storage.getBuffer(key, 10)).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
    }
  });

  it('replaces an object, and deletes it once or twice', async () => {
    await using store = await createStore();
    await putText(store.storage, 'a', 'first');
    await putText(store.storage, 'a', 'second');
    expect(String(await store.storage.getBuffer('a', 100))).toBe('second');
    await store.storage.delete('a');
    await store.storage.delete('a');
    expect(await store.storage.head('a')).toBeNull();
  });

  it('keeps nothing of a source that fails, ends early, gives too much, or is aborted', async () => {
    await using store = await createStore();
    const { storage } = store;
    const failing = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(100_000);
      throw new Error('the connection broke');
    };
    await expect(storage.putStream('a', failing())).rejects.toThrow('the connection broke');
    for (const size of [9, 11]) {
      const putting = storage.putStream('a', Readable.from([Buffer.alloc(10)]), { size });
      await expect(putting).rejects.toMatchObject({ errorCode: 'MALFORMED_REQUEST' });
    }
    const aborting = new AbortController();
    const reason = new Error('cancelled by a person');
    const aborted = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(10);
      aborting.abort(reason);
      yield Buffer.alloc(10);
    };
    await expect(storage.putStream('a', aborted(), { signal: aborting.signal })).rejects.toBe(reason);
    expect(await storage.head('a')).toBeNull();
    expect(await readdir(join(store.dir, '~staging'))).toEqual([]);
  });

  it('shows the old content until the new one is whole', async () => {
    await using store = await createStore();
    await putText(store.storage, 'a', 'old');
    const seen: string[] = [];
    const slow = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('ne');
      seen.push(String(await store.storage.getBuffer('a', 100)));
      yield Buffer.from('w');
    };
    await store.storage.putStream('a', slow());
    expect([...seen, String(await store.storage.getBuffer('a', 100))]).toEqual(['old', 'new']);
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
  it('stores each content once, however often it comes', async () => {
    await using store = await createStore();
    const blobs = makeBlobs(20, 50);
    expect(await store.storage.putBlobs([...blobs, ...blobs.slice(0, 5)])).toEqual({
      written: 20,
      present: 5,
    });
    expect(await store.storage.putBlobs(blobs)).toEqual({ written: 0, present: 20 });
    for (const { sha256, bytes } of blobs) {
      expect(await store.storage.getBuffer(blobKey(sha256), 100)).toEqual(bytes);
    }
    expect(await listKeys(store.storage, 'blobs/')).toHaveLength(20);
    expect(await readdir(join(store.dir, '~staging'))).toEqual([]);
  });

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

  it('lets two batches write the same blobs at the same time', async () => {
    await using store = await createStore();
    const blobs = makeBlobs(200, 100);
    await Promise.all([store.storage.putBlobs(blobs), store.storage.putBlobs(blobs.toReversed())]);
    expect(await listKeys(store.storage, 'blobs/')).toHaveLength(200);
  });

  it('lets the event loop turn while it writes thousands of blobs', async () => {
    await using store = await createStore();
    const blobs = makeBlobs(30_000, 100);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await store.storage.putBlobs(blobs);
    delay.disable();
    // In milliseconds; a median, since other work on the machine stretches the longest.
    expect(delay.percentile(50) / 1e6).toBeLessThan(20);
    expect(delay.count).toBeGreaterThan(10);
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
