/** What every storage does, whatever it keeps its objects in. */
import { hash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blobKey } from '../../src/drivers/storage/checkKey.ts';
import type { Storage, StoredObject } from '../../src/drivers/storage/Storage.ts';

export interface Store extends AsyncDisposable {
  storage: Storage;
}

export function makeBlobs(count: number, size: number): { sha256: string; bytes: Buffer }[] {
  return Array.from({ length: count }, () => {
    const bytes = randomBytes(size);
    return { sha256: hash('sha256', bytes), bytes };
  });
}

export async function listKeys(storage: Storage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys;
}

export function putText(storage: Storage, key: string, text: string): Promise<StoredObject> {
  return storage.putStream(key, Readable.from([Buffer.from(text)]));
}

/** @param createStore a new, empty storage. */
export function testStorage(createStore: () => Promise<Store>): void {
  describe('every storage', () => {
    test('gives back what was put: whole, as a stream, in part, and its size', async () => {
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
      const part = (from: number, to: number) => storage.getRange('jobs/1/out.bin', from, to).then(buffer);
      expect(await part(10, 19)).toEqual(content.subarray(10, 20));
      expect(await part(299_999, 400_000)).toEqual(content.subarray(299_999));
      expect(await part(300_000, 400_000)).toEqual(Buffer.alloc(0));
      await expect(storage.getBuffer('jobs/1/out.bin', 299_999)).rejects.toThrow(RangeError);
      await expect(storage.getRange('jobs/1/out.bin', 5, 4)).rejects.toThrow(RangeError);
    });

    test('keeps an empty object, and one that comes in many parts', async () => {
      await using store = await createStore();
      const { storage } = store;
      expect(await storage.putStream('empty', Readable.from([]), { size: 0 })).toEqual({
        key: 'empty',
        size: 0,
      });
      expect(await storage.getBuffer('empty', 10)).toEqual(Buffer.alloc(0));
      const chunk = randomBytes(700_001);
      const content = Readable.from(Array.from({ length: 40 }, () => chunk));
      await storage.putStream('long', content, { size: 40 * chunk.length });
      const stored = await buffer(await storage.getStream('long'));
      expect(hash('sha256', stored)).toBe(hash('sha256', Buffer.concat(Array(40).fill(chunk) as Buffer[])));
    });

    test('takes what comes byte by byte', async () => {
      await using store = await createStore();
      const content = randomBytes(3_000);
      await store.storage.putStream('drops', Readable.from(Array.from(content, (byte) => Buffer.of(byte))));
      expect(await store.storage.getBuffer('drops', 3_000)).toEqual(content);
    });

    test('says of a missing key, and of what others have in common, that there is no such file', async () => {
      await using store = await createStore();
      await putText(store.storage, 'a/b', 'x');
      for (const key of ['missing', 'a', 'a/b/c']) {
        expect(await store.storage.head(key)).toBeNull();
        const refused = { errorCode: 'NOT_FOUND' };
        await expect(store.storage.getStream(key)).rejects.toMatchObject(refused);
        await expect(store.storage.getRange(key, 0, 1)).rejects.toMatchObject(refused);
        await expect(store.storage.getBuffer(key, 10)).rejects.toMatchObject(refused);
        await expect(store.storage.move(key, 'elsewhere')).rejects.toMatchObject(refused);
      }
      expect(await listKeys(store.storage, '')).toEqual(['a/b']);
    });

    test('replaces an object, and deletes it once or twice', async () => {
      await using store = await createStore();
      await putText(store.storage, 'a', 'first');
      await putText(store.storage, 'a', 'second');
      expect(String(await store.storage.getBuffer('a', 100))).toBe('second');
      await store.storage.delete('a');
      await store.storage.delete('a');
      expect(await store.storage.head('a')).toBeNull();
    });

    test('moves an object: over another, and onto itself', async () => {
      await using store = await createStore();
      const { storage } = store;
      await putText(storage, 'uploads/1', 'new');
      await putText(storage, 'media/1/a.mp4', 'old');
      await storage.move('uploads/1', 'media/1/a.mp4');
      await storage.move('media/1/a.mp4', 'media/1/a.mp4');
      expect(await listKeys(storage, '')).toEqual(['media/1/a.mp4']);
      expect(String(await storage.getBuffer('media/1/a.mp4', 100))).toBe('new');
      await expect(storage.move('uploads/1', 'media/1/a.mp4')).rejects.toMatchObject({
        errorCode: 'NOT_FOUND',
      });
      expect(String(await storage.getBuffer('media/1/a.mp4', 100))).toBe('new');
    });

    test('keeps nothing of a source that fails, ends early, gives too much, or is aborted', async () => {
      await using store = await createStore();
      const { storage } = store;
      const failing = async function* (bytes: number): AsyncGenerator<Buffer> {
        yield Buffer.alloc(bytes);
        throw new Error('the connection broke');
      };
      // Twenty megabytes are more than is held before the first of it is stored.
      for (const bytes of [100_000, 20_000_000])
        await expect(storage.putStream('a', failing(bytes))).rejects.toThrow('the connection broke');
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
    });

    test('shows the old content until the new one is whole', async () => {
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

    test('lists every key with a prefix in byte order', async () => {
      await using store = await createStore();
      const keys = ['a-b/c', 'a.b', 'a0', 'b/B', 'b/a', 'b/a.c', 'b/b/c', 'b0'];
      for (const key of keys.toReversed()) await putText(store.storage, key, key);
      for (const prefix of ['', 'a', 'a-', 'b/', 'b/a', 'b/b/', 'c'])
        expect(await listKeys(store.storage, prefix)).toEqual(keys.filter((key) => key.startsWith(prefix)));
      const sizes: StoredObject[] = [];
      for await (const object of store.storage.list('b/b')) sizes.push(object);
      expect(sizes).toEqual([{ key: 'b/b/c', size: 5 }]);
    });

    test('refuses what is no key', async () => {
      await using store = await createStore();
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(
            '',
            '/a',
            'a//b',
            '../a',
            'a/../b',
            'a b',
            'a\0',
            '~staging',
            'a?b',
            'ä',
            '%2e%2e/a',
          ),
          async (key) => {
            const options = { expiresInSeconds: 60, contentType: 'text/plain' };
            await expect(store.storage.head(key)).rejects.toThrow(TypeError);
            await expect(putText(store.storage, key, 'x')).rejects.toThrow(TypeError);
            await expect(store.storage.move(key, 'a')).rejects.toThrow(TypeError);
            await expect(store.storage.signPut(key, { ...options, size: 1 })).rejects.toThrow(TypeError);
            await expect(store.storage.signGet(key, { ...options, disposition: 'inline' })).rejects.toThrow(
              TypeError,
            );
          },
        ),
        { numRuns: 11 },
      );
      expect(() => store.storage.list('../')).toThrow(TypeError);
    });
  });

  describe('a batch of blobs, in every storage,', () => {
    test('stores each content once, however often it comes', async () => {
      await using store = await createStore();
      const blobs = makeBlobs(20, 50);
      expect(await store.storage.putBlobs([...blobs, ...blobs.slice(0, 5)])).toEqual({
        written: 20,
        present: 5,
      });
      expect(await store.storage.putBlobs(blobs)).toEqual({ written: 0, present: 20 });
      for (const { sha256, bytes } of blobs)
        expect(await store.storage.getBuffer(blobKey(sha256), 100)).toEqual(bytes);
      expect(await listKeys(store.storage, 'blobs/')).toEqual(
        blobs.map(({ sha256 }) => blobKey(sha256)).sort(),
      );
    });

    test('may be larger than what is held back, and is read, moved and deleted like any object', async () => {
      await using store = await createStore();
      const { storage } = store;
      const blobs = [...makeBlobs(258, 20), ...makeBlobs(6, 800_000)];
      expect(await storage.putBlobs(blobs)).toEqual({ written: 264, present: 0 });
      const [first, second] = blobs.map(({ sha256 }) => blobKey(sha256));
      expect(await buffer(await storage.getRange(first ?? '', 5, 9))).toEqual(
        blobs[0]?.bytes.subarray(5, 10),
      );
      await storage.move(first ?? '', 'moved');
      await storage.delete(second ?? '');
      expect(await storage.getBuffer('moved', 100)).toEqual(blobs[0]?.bytes);
      expect(await listKeys(storage, '')).toHaveLength(263);
      expect(await storage.putBlobs(blobs)).toEqual({ written: 2, present: 262 });
    });

    test('leaves nothing when it is dropped before it was committed', async () => {
      await using store = await createStore();
      {
        await using batch = await store.storage.openBlobBatch();
        for (const { sha256, bytes } of makeBlobs(10, 10)) await batch.put(sha256, bytes);
      }
      expect(await listKeys(store.storage, '')).toEqual([]);
      const batch = await store.storage.openBlobBatch();
      await batch.commit();
      await expect(batch.commit()).rejects.toThrow('committed');
      expect(() => batch.put('ab'.repeat(32), Buffer.alloc(0))).toThrow('committed');
    });

    test('may come twice at the same time', async () => {
      await using store = await createStore();
      const blobs = makeBlobs(50, 100);
      await Promise.all([store.storage.putBlobs(blobs), store.storage.putBlobs(blobs.toReversed())]);
      expect(await listKeys(store.storage, 'blobs/')).toHaveLength(50);
    });
  });

  describe('a signed URL, in every storage,', () => {
    const get = { expiresInSeconds: 60, contentType: 'video/mp4', disposition: 'attachment' } as const;

    test('gives the object, whole and in part, under the name and type that were signed', async () => {
      await using store = await createStore();
      const content = randomBytes(100_000);
      await store.storage.putStream('media/a.mp4', Readable.from([content]));
      const url = await store.storage.signGet('media/a.mp4', { ...get, filename: 'take 1.mp4' });
      const whole = await fetch(url);
      expect(whole.status).toBe(200);
      expect(whole.headers.get('content-type')).toBe('video/mp4');
      expect(whole.headers.get('content-disposition')).toBe('attachment; filename="take 1.mp4"');
      expect(Buffer.from(await whole.arrayBuffer())).toEqual(content);
      const part = await fetch(url, { headers: { range: 'bytes=10-19' } });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe('bytes 10-19/100000');
      expect(Buffer.from(await part.arrayBuffer())).toEqual(content.subarray(10, 20));
      const beyond = await fetch(url, { headers: { range: 'bytes=100000-' } });
      expect(beyond.status).toBe(416);
      await beyond.body?.cancel();
    });

    test('takes exactly what it was signed for, also again', async () => {
      await using store = await createStore();
      const { storage } = store;
      const signed = await storage.signPut('uploads/1', { ...get, size: 5 });
      expect(signed).toMatchObject({ method: 'PUT', headers: { 'content-type': 'video/mp4' } });
      const put = (body: string, headers = signed.headers, url = signed.url) =>
        fetch(url, { method: 'PUT', headers, body });
      for (const body of ['shor', 'longer']) {
        expect((await put(body)).status).toBeGreaterThanOrEqual(400);
        expect(await storage.head('uploads/1')).toBeNull();
      }
      expect((await put('right', { 'content-type': 'text/html' })).status).toBeGreaterThanOrEqual(400);
      expect((await put('right', signed.headers, signed.url.replace('uploads/1', 'uploads/2'))).status).toBe(
        403,
      );
      expect(await listKeys(storage, '')).toEqual([]);
      expect((await put('right')).status).toBe(200);
      expect(String(await storage.getBuffer('uploads/1', 10))).toBe('right');
      // What was moved away is no more changed by a URL that is still valid.
      await storage.move('uploads/1', 'media/1');
      expect((await put('wrong')).status).toBe(200);
      expect(String(await storage.getBuffer('media/1', 10))).toBe('right');
    });

    test('is for one method, and of a missing object', async () => {
      await using store = await createStore();
      await putText(store.storage, 'a', 'kept');
      const url = await store.storage.signGet('a', get);
      for (const method of ['PUT', 'DELETE', 'POST'])
        expect((await fetch(url, { method, ...(method === 'DELETE' ? {} : { body: 'x' }) })).status).toBe(
          403,
        );
      expect(String(await store.storage.getBuffer('a', 10))).toBe('kept');
      const missing = await fetch(await store.storage.signGet('missing', get));
      expect(missing.status).toBe(404);
    });

    test.each([
      { ...get, expiresInSeconds: 0 },
      { ...get, expiresInSeconds: 7 * 24 * 3600 + 1 },
      { ...get, expiresInSeconds: 1.5 },
      { ...get, contentType: 'text/html\r\nset-cookie: a=b' },
      { ...get, contentType: '' },
    ])('is not made for %j', async (options) => {
      await using store = await createStore();
      await expect(store.storage.signGet('a', options)).rejects.toThrow(TypeError);
      await expect(store.storage.signPut('a', { ...options, size: 1 })).rejects.toThrow(TypeError);
      await expect(store.storage.signPut('a', { ...get, size: -1 })).rejects.toThrow(TypeError);
    });
  });
}
