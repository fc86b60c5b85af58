import { execFile } from 'node:child_process';
import { hash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blobKey } from '../../src/drivers/storage/checkKey.ts';
import { openFileStorage } from '../../src/drivers/storage/openFileStorage.ts';
import { PackIndex, type PackPlace, encodePackIndex } from '../../src/drivers/storage/PackIndex.ts';
import type { Storage } from '../../src/drivers/storage/Storage.ts';
import { quickFolder } from '../support/cluster.ts';

interface Blob {
  sha256: string;
  bytes: Buffer;
}

function makeBlobs(count: number, size = 50): Blob[] {
  return Array.from({ length: count }, (_, index) => {
    const bytes = Buffer.concat([Buffer.from(String(index)), randomBytes(size)]);
    return { sha256: hash('sha256', bytes), bytes };
  });
}

async function createStore(): Promise<{ dir: string; storage: Storage } & AsyncDisposable> {
  const dir = await mkdtemp(join(await quickFolder(), 'tessera-packs-'));
  return {
    dir,
    storage: await openFileStorage(dir),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

async function listKeys(storage: Storage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys;
}

const packNames = async (dir: string) =>
  (await readdir(join(dir, '~packs'))).filter((name) => name.endsWith('.pack'));

describe('a large batch', () => {
  test('is one file, from which each blob is read as if it had its own', async () => {
    await using store = await createStore();
    const { storage } = store;
    const blobs = [...makeBlobs(999), { sha256: hash('sha256', ''), bytes: Buffer.alloc(0) }];
    expect(await storage.putBlobs([...blobs, ...blobs.slice(0, 10)])).toEqual({
      written: 1_000,
      present: 10,
    });
    expect(await packNames(store.dir)).toHaveLength(1);
    expect(await readdir(join(store.dir, '~staging'))).toEqual([]);
    for (const { sha256, bytes } of blobs) {
      expect(await storage.getBuffer(blobKey(sha256), 100)).toEqual(bytes);
      expect(await storage.head(blobKey(sha256))).toEqual({ size: bytes.length });
      expect(await buffer(await storage.getStream(blobKey(sha256)))).toEqual(bytes);
    }
    const key = blobKey(blobs[500]?.sha256 ?? '');
    expect(await buffer(await storage.getRange(key, 3, 9))).toEqual(blobs[500]?.bytes.subarray(3, 10));
    expect(await buffer(await storage.getRange(key, 3, 1_000))).toEqual(blobs[500]?.bytes.subarray(3));
    expect(await buffer(await storage.getRange(key, 1_000, 2_000))).toEqual(Buffer.alloc(0));
    await expect(storage.getBuffer(key, 5)).rejects.toThrow(RangeError);
    expect((await stat(join(store.dir, '~packs', (await packNames(store.dir))[0] ?? ''))).mode & 0o777).toBe(
      0o600,
    );
  });

  test('passes over what is stored, in a pack or alone', async () => {
    await using store = await createStore();
    const blobs = makeBlobs(600);
    await store.storage.putBlobs(blobs.slice(0, 5));
    await store.storage.putBlobs(blobs.slice(5, 300));
    expect(await store.storage.putBlobs(blobs)).toEqual({ written: 300, present: 300 });
    expect(await store.storage.putBlobs(blobs)).toEqual({ written: 0, present: 600 });
    expect(await packNames(store.dir)).toHaveLength(2);
  });

  test('is listed among the others, in byte order', async () => {
    await using store = await createStore();
    const blobs = makeBlobs(500);
    await store.storage.putBlobs(blobs.slice(0, 100));
    await store.storage.putBlobs(blobs);
    const keys = blobs.map(({ sha256 }) => blobKey(sha256)).toSorted();
    expect(await listKeys(store.storage, '')).toEqual(keys);
    expect(await listKeys(store.storage, 'blobs/')).toEqual(keys);
    expect(await listKeys(store.storage, 'blobs/a')).toEqual(keys.filter((key) => key.startsWith('blobs/a')));
    const one = keys[77] ?? '';
    expect(await listKeys(store.storage, one.slice(0, 20))).toEqual([one]);
    expect(await listKeys(store.storage, 'jobs/')).toEqual([]);
  });

  test('is seen by other processes that have the same folder open', async () => {
    await using store = await createStore();
    const beside = await openFileStorage(store.dir);
    const blobs = makeBlobs(300);
    const key = blobKey(blobs[0]?.sha256 ?? '');
    expect(await beside.head(key)).toBeNull();
    await store.storage.putBlobs(blobs);
    expect(await beside.getBuffer(key, 100)).toEqual(blobs[0]?.bytes);
    await beside.delete(key);
    expect(await store.storage.head(key)).toBeNull();
  });

  test('loses a blob that is deleted, for good, until it is stored again', async () => {
    await using store = await createStore();
    const blobs = makeBlobs(300);
    const [first] = blobs;
    const key = blobKey(first?.sha256 ?? '');
    await store.storage.putBlobs(blobs);
    await store.storage.delete(key);
    await store.storage.delete(key);
    expect(await store.storage.head(key)).toBeNull();
    await expect(store.storage.getBuffer(key, 100)).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
    expect(await listKeys(store.storage, 'blobs/')).toHaveLength(299);
    expect(await (await openFileStorage(store.dir)).head(key)).toBeNull();
    expect(await store.storage.putBlobs(blobs)).toEqual({ written: 1, present: 299 });
    expect(await store.storage.getBuffer(key, 100)).toEqual(first?.bytes);
  });

  test('whose file was damaged is stored anew', async () => {
    await using store = await createStore();
    const blobs = makeBlobs(300);
    await store.storage.putBlobs(blobs);
    const [pack = ''] = await packNames(store.dir);
    await truncate(join(store.dir, '~packs', pack), 5_000);
    const storage = await openFileStorage(store.dir);
    expect(await storage.putBlobs(blobs)).toEqual({ written: 300, present: 0 });
    for (const { sha256, bytes } of blobs)
      expect(await storage.getBuffer(blobKey(sha256), 100)).toEqual(bytes);
  });

  test('holds back a source that is faster than the disk, and keeps every byte', async () => {
    await using store = await createStore();
    const blobs = makeBlobs(40, 1_000_000);
    expect(await store.storage.putBlobs(blobs)).toEqual({ written: 40, present: 0 });
    for (const { sha256, bytes } of blobs)
      expect(hash('sha256', await store.storage.getBuffer(blobKey(sha256), 2_000_000))).toBe(
        hash('sha256', bytes),
      );
  });

  test('leaves nothing when it is dropped, or when the disk is full', async () => {
    await using store = await createStore();
    {
      await using batch = await store.storage.openBlobBatch();
      for (const { sha256, bytes } of makeBlobs(600)) await batch.put(sha256, bytes);
    }
    // A limit on the size of files fails writes in the middle, like a full disk.
    const storage = new URL('../../src/drivers/storage/openFileStorage.ts', import.meta.url);
    const script = `
      import { hash } from 'node:crypto';
      import { openFileStorage } from ${JSON.stringify(storage.href)};
      const storage = await openFileStorage(${JSON.stringify(store.dir)});
      const blobs = Array.from({ length: 300 }, (_, i) => Buffer.alloc(1_000, String(i)));
      await storage.putBlobs(blobs.map((bytes) => ({ sha256: hash('sha256', bytes), bytes }))).catch((error) => console.log(error.errorCode));`;
    const args = [
      '-c',
      'ulimit -f 128; exec "$0" "$@"',
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ];
    expect((await promisify(execFile)('/bin/sh', args)).stdout).toBe('UNAVAILABLE\n');
    expect(await listKeys(store.storage, '')).toEqual([]);
    expect(await packNames(store.dir)).toEqual([]);
    expect(await readdir(join(store.dir, '~staging'))).toEqual([]);
  });
});

describe('the index of a pack', () => {
  const name = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString('hex'));
  const place: fc.Arbitrary<PackPlace> = fc.record({
    offset: fc.nat({ max: 2 ** 47 }),
    size: fc.nat({ max: 2 ** 32 - 1 }),
  });
  const places = fc
    .uniqueArray(fc.tuple(name, place), { selector: ([key]) => key })
    .map((entries) => new Map(entries));

  test('finds what was written, and nothing else', () => {
    fc.assert(
      fc.property(places, name, (written, other) => {
        const index = PackIndex.decode(encodePackIndex(written));
        for (const [key, at] of written) expect(index?.find(key)).toEqual(at);
        expect(index?.find(other) ?? null).toEqual(written.get(other) ?? null);
        const all = Array.from({ length: 256 }, (_, first) => [...(index?.startingWith(first) ?? [])]).flat();
        expect(all.map((entry) => entry.name)).toEqual([...written.keys()].toSorted());
      }),
    );
  });

  test('is not taken for one when a byte of it is another', () => {
    fc.assert(
      fc.property(places, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, position, change) => {
        const bytes = encodePackIndex(written);
        const at = position % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ change;
        expect(PackIndex.decode(bytes)).toBeNull();
      }),
    );
  });
});
