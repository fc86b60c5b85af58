import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type S3Options, openS3Storage } from '../../src/drivers/storage/s3/openS3Storage.ts';
import { type S3Server, startS3 } from '../support/s3Server.ts';
import { type Store, listKeys, putText, testStorage } from './storageContract.ts';

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server[Symbol.asyncDispose]());

let stores = 0;
/** Each in a part of the bucket of its own. */
async function createStore(options: S3Options = {}): Promise<Store> {
  stores += 1;
  const target = { ...server.target, prefix: `some/where/${stores}/` };
  const { storage, close } = await openS3Storage(target, { credentials: server.credentials, ...options });
  return { storage, [Symbol.asyncDispose]: async () => close() };
}

testStorage(() => createStore());

describe('a bucket', () => {
  test('keeps nothing of an upload that fails, be it in parts', async () => {
    await using store = await createStore();
    const before = server.givenUp();
    const failing = async function* (): AsyncGenerator<Buffer> {
      for (let count = 0; count < 3; count += 1) yield Buffer.alloc(8 * 2 ** 20);
      throw new Error('the connection broke');
    };
    await expect(store.storage.putStream('a', failing())).rejects.toThrow('the connection broke');
    expect(await server.openUploads()).toEqual([]);
    expect(server.givenUp()).toBeGreaterThan(before);
    expect(await listKeys(store.storage, '')).toEqual([]);
  });

  test('moves in parts what it does not copy in one call', async () => {
    await using store = await createStore({ copySizes: { whole: 100_000, part: 70_000 } });
    const content = randomBytes(200_000);
    await store.storage.putStream('from', Readable.from([content]));
    await store.storage.move('from', 'to');
    expect(await listKeys(store.storage, '')).toEqual(['to']);
    expect((await store.storage.getBuffer('to', 200_000)).equals(content)).toBe(true);
    expect(await server.openUploads()).toEqual([]);
  });

  test('is listed over many pages, and holds the keys of others beside its own', async () => {
    await using store = await createStore({ pageKeys: 2 });
    await using _other = await createStore();
    for (const key of ['a', 'b', 'c', 'd', 'e']) await putText(store.storage, key, key);
    await putText(_other.storage, 'z', 'z');
    expect(await listKeys(store.storage, '')).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test.each([
    [
      'does not exist',
      { bucket: 'no-such-bucket' },
      {},
      /no-such-bucket cannot be used: .*there is no such bucket/,
    ],
    ['is asked with an unknown key', {}, { accessKeyId: 'hush' }, /credentials are wrong/],
    ['is asked with a wrong secret', {}, { secretAccessKey: 'hush' }, /credentials are wrong/],
    ['is not reached', { endpoint: 'http://127.0.0.1:1' }, {}, /cannot be reached/],
  ])('that %s stops the start, and says why', async (_what, target, credentials, said) => {
    const opening = openS3Storage(
      { ...server.target, ...target },
      { credentials: { ...server.credentials, ...credentials } },
    );
    const failure = await opening.then(
      () => expect.unreachable('it was opened'),
      (error: unknown) => error as Error,
    );
    expect(failure).toMatchObject({ errorCode: 'STORAGE_REFUSED' });
    expect(failure.message).toMatch(said);
    expect(failure.message).not.toContain('hush');
  });

  test('that has gone answers UNAVAILABLE, and names neither itself nor who asked', async () => {
    const gone = await startS3();
    const { storage, close } = await openS3Storage(gone.target, { credentials: gone.credentials });
    await gone[Symbol.asyncDispose]();
    const blob = { sha256: 'ab'.repeat(32), bytes: Buffer.from('x') };
    for (const work of [
      () => storage.head('a'),
      () => storage.getStream('a'),
      () => storage.getBuffer('a', 10),
      () => storage.delete('a'),
      () => storage.move('a', 'b'),
      () => putText(storage, 'a', 'x'),
      () => storage.putBlobs([blob]),
      () => listKeys(storage, ''),
    ]) {
      const failure = await work().then(
        () => expect.unreachable('it answered'),
        (error: unknown) => error as Error,
      );
      expect(failure).toMatchObject({ errorCode: 'UNAVAILABLE' });
      expect(`${failure.message} ${String(failure.cause)}`).not.toMatch(/tessera-test|S3RVER|some\/where/);
    }
    close();
  });
});
