import { hash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SecretBox } from '../../src/drivers/secrets/SecretBox.ts';
import type { Storage } from '../../src/drivers/storage/Storage.ts';
import { type UrlGrant, UrlSigner } from '../../src/drivers/storage/UrlSigner.ts';
import { type TestServer, startServer } from '../support/server.ts';
import { type StorageWorld, signerOf, startStorageWorld } from '../support/storageWorld.ts';

const content = randomBytes(200_000);
const get = { expiresInSeconds: 60, contentType: 'video/mp4', disposition: 'attachment' } as const;

let world: StorageWorld;
let server: TestServer;
let storage: Storage;
beforeAll(async () => {
  world = await startStorageWorld();
  ({ server, storage } = world);
  await storage.putStream('media/film.mp4', Readable.from([content]));
});
afterAll(() => world[Symbol.asyncDispose]());

const filmUrl = () => storage.signGet('media/film.mp4', get);

/** Sends these bytes over a socket of its own; everything that comes back. */
async function speak(head: string, body: Buffer = Buffer.alloc(0), at = server.url): Promise<string> {
  const { hostname, port } = new URL(at);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(`${head}\r\n\r\n`);
  socket.write(body);
  return text(socket);
}

describe('a download', () => {
  test.each([
    ['bytes=0-9', 206, [0, 10]],
    ['bytes=199990-', 206, [199_990, 200_000]],
    ['bytes=199990-999999', 206, [199_990, 200_000]],
    ['bytes=-10', 206, [199_990, 200_000]],
    ['bytes=-999999', 206, [0, 200_000]],
    ['bytes=0-0', 206, [0, 1]],
    ['bytes=200000-', 416, null],
    ['bytes=-0', 416, null],
    ['bytes=9-0', 200, [0, 200_000]],
    ['bytes=0-1,5-6', 200, [0, 200_000]],
    ['bytes=a-b', 200, [0, 200_000]],
    ['lines=0-1', 200, [0, 200_000]],
  ] as const)('of %s answers %i', async (range, status, part) => {
    const answer = await fetch(await filmUrl(), { headers: { range } });
    expect(answer.status).toBe(status);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (part) expect(bytes.equals(content.subarray(...part))).toBe(true);
    const expected = {
      200: null,
      206: `bytes ${part?.[0]}-${(part?.[1] ?? 0) - 1}/200000`,
      416: 'bytes */200000',
    };
    expect(answer.headers.get('content-range')).toBe(expected[status]);
    expect(answer.headers.get('content-length')).toBe(String(bytes.length));
  });

  test('says what it is before it is fetched, and is neither believed nor run', async () => {
    const answer = await fetch(await filmUrl(), { method: 'HEAD', headers: { cookie: 'tessera_session=x' } });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-length': '200000',
      'content-type': 'video/mp4',
      'content-disposition': 'attachment; filename="film.mp4"',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox') as string,
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  test('goes on where it broke off only if the object is still the same', async () => {
    await storage.putStream('media/changing', Readable.from([Buffer.from('first')]));
    const url = await storage.signGet('media/changing', get);
    const first = await fetch(url);
    const etag = first.headers.get('etag') ?? '';
    expect(await first.text()).toBe('first');
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const goOn = () => fetch(url, { headers: { range: 'bytes=3-', 'if-range': etag } });
    expect(await (await goOn()).text()).toBe('st');
    await storage.putStream('media/changing', Readable.from([Buffer.from('other')]));
    const changed = await goOn();
    expect([changed.status, await changed.text()]).toEqual([200, 'other']);
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  test('may be shown in the browser under any name, if it was signed so', async () => {
    const options = { ...get, disposition: 'inline', filename: '../Über "x"\r\n.mp4' } as const;
    const answer = await fetch(await storage.signGet('media/film.mp4', options), { method: 'HEAD' });
    expect(answer.headers.get('content-disposition')).toBe(
      `inline; filename=".._ber _x_.mp4"; filename*=UTF-8''.._%C3%9Cber%20%22x%22.mp4`.replace(
        '_ber',
        '__ber',
      ),
    );
  });

  test('of a blob in a pack is served like any other', async () => {
    const blobs = Array.from({ length: 300 }, (_, index) => Buffer.from(`blob ${index}`));
    await storage.putBlobs(blobs.map((bytes) => ({ sha256: hash('sha256', bytes), bytes })));
    const sha256 = hash('sha256', 'blob 77');
    const url = await storage.signGet(`blobs/${sha256.slice(0, 2)}/${sha256}`, get);
    expect(await (await fetch(url)).text()).toBe('blob 77');
    expect(await (await fetch(url, { headers: { range: 'bytes=5-' } })).text()).toBe('77');
  });

  test('that nobody takes is cut off', async () => {
    const long = Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(1_000_000)));
    await storage.putStream('media/long', long);
    const { pathname, search, hostname, port } = new URL(await storage.signGet('media/long', get));
    const socket = connect(Number(port), hostname);
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(socket, 'readable');
    // A reader that takes nothing: only when it looks again does it see that the connection has ended.
    await expect.poll(() => world.countRequests('cut off'), { timeout: 10_000 }).toBe(1);
    socket.destroy();
  });
});

describe('a URL', () => {
  const grant = (): UrlGrant => ({
    method: 'GET',
    key: 'media/film.mp4',
    expires: Math.floor(Date.now() / 1000) + 60,
    contentType: 'video/mp4',
    size: null,
    disposition: 'attachment',
    filename: 'film.mp4',
  });
  const refusal = {
    code: 'STORAGE_URL_REFUSED',
    message: 'This URL is not valid, or not any more.',
    remedy: expect.any(String) as string,
  };

  async function expectRefused(url: string, options: RequestInit = {}): Promise<void> {
    const answer = await fetch(url, options);
    expect([url, answer.status]).toEqual([url, 403]);
    expect(await answer.json()).toEqual(refusal);
  }

  test('is refused once it has expired', async () => {
    const at = (expires: number) =>
      `${server.url}/storage/media/film.mp4?${signerOf(world.secret).sign({ ...grant(), expires })}`;
    const now = Math.floor(Date.now() / 1000);
    expect((await fetch(at(now + 60), { method: 'HEAD' })).status).toBe(200);
    await expectRefused(at(now));
  });

  test('is refused when anything of it was changed, left out, added or doubled', async () => {
    const url = new URL(await filmUrl());
    const names = [...url.searchParams.keys()];
    expect(names).toEqual(['method', 'expires', 'type', 'disposition', 'filename', 'keyId', 'signature']);
    for (const name of names) {
      const value = url.searchParams.get(name) ?? '';
      const last = value.at(-1) ?? '';
      const others = [
        `${value}x`,
        value.slice(0, -1),
        '',
        `${value.slice(0, -1)}${last === 'A' ? 'B' : 'A'}`,
      ];
      if (name === 'expires') others.push(String(Number(value) + 1), `0${value}`.slice(1) + '0');
      if (name === 'disposition') others.push('inline');
      if (name === 'method') others.push('PUT', 'get');
      for (const other of others) {
        const changed = new URL(url);
        changed.searchParams.set(name, other);
        await expectRefused(changed.href);
      }
      const without = new URL(url);
      without.searchParams.delete(name);
      await expectRefused(without.href);
      await expectRefused(`${url.href}&${name}=${encodeURIComponent(value)}`);
    }
    await expectRefused(`${url.href}&size=5`);
    await expectRefused(`${url.href}?`);
    await expectRefused(`${server.url}/storage/media/film.mp4`);
    await expectRefused(`${server.url}/storage/`);
  });

  test('of an upload is refused when anything of it was changed', async () => {
    const { url: signed } = await world.signUpload('uploads/tampered', 5);
    const url = new URL(signed);
    for (const [name, value] of url.searchParams) {
      const changed = new URL(url);
      changed.searchParams.set(name, name === 'size' ? '6' : `${value}0`);
      await expectRefused(changed.href, {
        method: 'PUT',
        body: 'right',
        headers: { 'content-type': 'video/mp4' },
      });
    }
    await expectRefused(url.href);
    expect(await world.listUploads()).toEqual([]);
  });

  test('leads to its key alone, whatever is done to the path', async () => {
    const { search } = new URL(await filmUrl());
    const paths = [
      'media/other.mp4',
      'media//film.mp4',
      'media/./film.mp4',
      'media/x/../film.mp4',
      'media/%66ilm.mp4',
      'media/film.mp4/',
      'MEDIA/film.mp4',
      '../secret.key',
      '%2e%2e/secret.key',
      '~staging',
      'media/film.mp4%00',
      'media\\film.mp4',
    ];
    for (const path of paths) {
      const answer = await speak(`GET /storage/${path}${search} HTTP/1.1\r\nHost: x\r\nConnection: close`);
      expect([path, answer.slice(0, 12)]).toEqual([path, 'HTTP/1.1 403']);
    }
  });

  test('is for its method alone', async () => {
    const url = await filmUrl();
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) await expectRefused(url, { method, body: 'x' });
    await expectRefused((await world.signUpload('uploads/x', 5)).url, { method: 'GET' });
    expect(await world.listUploads()).toEqual([]);
  });

  test('of a key that is known no more, or never was, is refused; that of a previous key is not', async () => {
    const [next, foreign] = [randomBytes(32), randomBytes(32)];
    await using changed = await startServer({
      beside: server,
      settings: { SECRET_KEY: `${next.toString('base64')},${world.secret.toString('base64')}` },
      services: new Set(['api']),
    });
    const at = (url: string, key: Buffer) =>
      fetch(`${url}/storage/media/film.mp4?${signerOf(key).sign(grant())}`, { method: 'HEAD' });
    expect((await at(changed.url, world.secret)).status).toBe(200);
    expect((await at(changed.url, next)).status).toBe(200);
    expect((await at(changed.url, foreign)).status).toBe(403);
    // The server that has not learnt of the next one yet.
    expect((await at(server.url, next)).status).toBe(403);
    const made = new URL(await changed.tessera.services.storage.signGet('media/film.mp4', get));
    expect(made.searchParams.get('keyId')).toBe(new SecretBox([next]).deriveKeys('x')[0].id);
    const { id, bytes } = new SecretBox([world.secret]).deriveKeys('another purpose')[0];
    const other = new UrlSigner([{ id, bytes }]);
    expect((await fetch(`${server.url}/storage/media/film.mp4?${other.sign(grant())}`)).status).toBe(403);
  });

  test('says when there is no such object', async () => {
    const answer = await fetch(await storage.signGet('media/missing', get));
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('may be used by pages of allowed origins, and by no others', async () => {
    const { url } = await world.signUpload('uploads/cors', 5);
    const ask = (from: string) =>
      fetch(url, {
        method: 'OPTIONS',
        headers: { origin: from, 'access-control-request-method': 'PUT' },
      });
    const allowed = await ask(world.origin);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(world.origin);
    expect(allowed.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('content-type');
    const refused = await ask('https://evil.example.org');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    const read = await fetch(await filmUrl(), { method: 'HEAD', headers: { origin: world.origin } });
    expect(read.headers.get('access-control-allow-origin')).toBe(world.origin);
    expect(read.headers.get('access-control-allow-credentials')).toBeNull();
  });
});
