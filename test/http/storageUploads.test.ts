import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { type IncomingMessage, request as send } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openFileStorage } from '../../src/drivers/storage/openFileStorage.ts';
import type { Storage } from '../../src/drivers/storage/Storage.ts';
import { childEnvironment } from '../support/childEnvironment.ts';
import { createDatabase } from '../support/cluster.ts';
import { type TestServer, startServer } from '../support/server.ts';
import { type StorageWorld, signerOf, startStorageWorld } from '../support/storageWorld.ts';

const get = { expiresInSeconds: 60, contentType: 'video/mp4', disposition: 'attachment' } as const;

let world: StorageWorld;
let server: TestServer;
let storage: Storage;
beforeAll(async () => {
  world = await startStorageWorld();
  ({ server, storage } = world);
});
afterAll(() => world[Symbol.asyncDispose]());

describe('an upload', () => {
  const type = { 'content-type': 'video/mp4' };
  /** In a chunked body, whose length nobody has announced. */
  const stream = (...chunks: Buffer[]): RequestInit => ({
    body: Readable.toWeb(Readable.from(chunks)),
    duplex: 'half',
  });

  test('of what was signed is stored, larger than any body of a call may be', async () => {
    const bytes = randomBytes(5_000_000);
    for (const body of [{ body: bytes }, stream(bytes.subarray(0, 7), bytes.subarray(7))]) {
      const { url, method, headers } = await world.signUpload('uploads/whole', bytes.length);
      const answer = await fetch(url, { method, headers, ...body });
      expect(answer.status).toBe(200);
      expect(await storage.getBuffer('uploads/whole', bytes.length)).toEqual(bytes);
      await storage.delete('uploads/whole');
    }
    const empty = await world.signUpload('uploads/empty', 0);
    expect((await fetch(empty.url, { method: 'PUT', headers: empty.headers, body: '' })).status).toBe(200);
    expect(await storage.head('uploads/empty')).toEqual({ size: 0 });
    await storage.delete('uploads/empty');
  });

  test.each([
    ['larger', { body: 'longer' }, 413, 'UPLOAD_TOO_LARGE'],
    [
      'larger, which shows as it comes,',
      stream(Buffer.from('lon'), Buffer.from('ger')),
      413,
      'UPLOAD_TOO_LARGE',
    ],
    ['smaller', { body: 'shor' }, 400, 'UPLOAD_INCOMPLETE'],
    ['smaller, which shows at its end,', stream(Buffer.from('shor')), 400, 'UPLOAD_INCOMPLETE'],
    [
      'of another type',
      { body: 'right', headers: { 'content-type': 'text/html' } },
      415,
      'UPLOAD_TYPE_REFUSED',
    ],
    ['of no type', { body: 'right', headers: {} }, 415, 'UPLOAD_TYPE_REFUSED'],
    [
      'compressed',
      { body: 'right', headers: { ...type, 'content-encoding': 'gzip' } },
      415,
      'UPLOAD_TYPE_REFUSED',
    ],
  ] as const)('that is %s is refused, and leaves nothing', async (_what, init, status, code) => {
    const { url } = await world.signUpload('uploads/refused', 5);
    const answer = await fetch(url, { method: 'PUT', headers: type, ...(init as RequestInit) });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
    expect(await world.listUploads()).toEqual([]);
    expect(await world.readStaging()).toEqual([]);
  });

  test('that is announced as too large is refused before a byte of it is sent', async () => {
    const { url } = await world.signUpload('uploads/announced', 5);
    const asking = send(url, {
      method: 'PUT',
      headers: { ...type, 'content-length': 1e12, expect: '100-continue' },
    });
    asking.on('continue', () => expect.unreachable('the body was asked for'));
    asking.flushHeaders();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(413);
    asking.on('error', () => {}).destroy();
  });

  test('whose sender waits to be asked is asked', async () => {
    const { url } = await world.signUpload('uploads/asked', 5);
    const asking = send(url, {
      method: 'PUT',
      headers: { ...type, 'content-length': 5, expect: '100-continue' },
    });
    asking.flushHeaders();
    await once(asking, 'continue');
    asking.end('right');
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    await buffer(answer);
    await storage.delete('uploads/asked');
  });

  test('that breaks off, or comes to a halt, leaves nothing', async () => {
    const before = await world.countRequests('cut off');
    for (const isBroken of [true, false]) {
      const { url } = await world.signUpload('uploads/broken', 1_000_000);
      const putting = send(url, { method: 'PUT', headers: { ...type, 'content-length': 1_000_000 } });
      putting.on('error', () => {});
      putting.write(randomBytes(500_000));
      await expect.poll(world.readStaging).toHaveLength(1);
      // The other one is cut off by the server, after a second without progress.
      if (isBroken) putting.destroy();
      await expect.poll(world.readStaging, { timeout: 10_000 }).toEqual([]);
    }
    expect(await world.listUploads()).toEqual([]);
    expect(await world.countRequests('cut off')).toBe(before + 2);
  });

  test('is the only one of its URL: used many times at once, it takes the room of one', async () => {
    const bytes = randomBytes(1_000_000);
    const { url } = await world.signUpload('uploads/crowded', bytes.length);
    const begin = async () => {
      const putting = send(url, { method: 'PUT', headers: { ...type, 'content-length': bytes.length } });
      const closed = new Promise<void>((resolve) => putting.on('error', () => resolve()));
      putting.write(bytes.subarray(0, 600_000));
      await expect.poll(world.readStaging).toHaveLength(1);
      return { putting, closed };
    };
    const first = await begin();
    const staged = await world.readStaging();
    const second = await begin();
    await first.closed;
    await expect.poll(world.readStaging).toEqual([expect.not.stringMatching(staged.join())]);
    second.putting.end(bytes.subarray(600_000));
    const [answer] = (await once(second.putting, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    await buffer(answer);
    expect(await storage.getBuffer('uploads/crowded', bytes.length)).toEqual(bytes);
    expect(await world.readStaging()).toEqual([]);
    await storage.delete('uploads/crowded');
  });

  test('that is under way is finished before the server stops', async () => {
    await using other = await startServer({
      beside: server,
      settings: { SECRET_KEY: world.secret.toString('base64'), STOP_SECONDS: '20' },
      services: new Set(['api']),
    });
    const bytes = randomBytes(2_000_000);
    const signed = await other.tessera.services.storage.signPut('uploads/draining', {
      ...get,
      size: bytes.length,
    });
    const putting = send(signed.url, { method: 'PUT', headers: { ...type, 'content-length': bytes.length } });
    putting.write(bytes.subarray(0, 1_000_000));
    await expect.poll(world.readStaging).toHaveLength(1);
    const stopping = other.tessera.stop();
    putting.end(bytes.subarray(1_000_000));
    const [answer] = (await once(putting, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    await buffer(answer);
    await stopping;
    expect(await storage.getBuffer('uploads/draining', bytes.length)).toEqual(bytes);
    await storage.delete('uploads/draining');
  });

  test('for which there is no room is refused, and leaves nothing', async () => {
    const database = await createDatabase(inject('cluster'));
    const { host, port, user, database: name } = database.connection;
    const dataDir = join(server.dataDir, 'full');
    // A limit on the size of files (in blocks of 512 bytes) fails writes in the middle, like a full disk.
    const child = spawn(
      '/bin/sh',
      ['-c', 'ulimit -f 4096; exec "$0" "$@"', process.execPath, 'src/main.ts', '--services=api'],
      {
        env: {
          ...childEnvironment,
          PORT: '0',
          LOG_LEVEL: 'silent',
          DATABASE_URL: `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}&port=${port}`,
          DATA_DIR: dataDir,
          SECRET_KEY: world.secret.toString('base64'),
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      let url: string | undefined;
      for await (const line of createInterface({ input: child.stdout })) {
        url = /listens on (\S+)/.exec(line)?.[1];
        if (url !== undefined) break;
      }
      child.stdout.resume();
      // Made by another process, with the same key.
      const signer = signerOf(world.secret);
      const there = await openFileStorage(join(dataDir, 'storage'), {
        signer,
        address: () => `${url}/storage`,
      });
      const signed = await there.signPut('uploads/1', { ...get, size: 5_000_000 });
      const answer = await fetch(signed.url, { method: 'PUT', headers: type, body: randomBytes(5_000_000) });
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: 'UNAVAILABLE' });
      expect(await there.head('uploads/1')).toBeNull();
      expect(await readdir(join(dataDir, 'storage', '~staging'))).toEqual([]);
    } finally {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
