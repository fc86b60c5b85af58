import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import * as tus from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UploadLease } from '../../src/domain/media/UploadLease.ts';
import { storeParts } from '../../src/domain/media/uploadParts.ts';
import { failureOf } from '../support/failure.ts';
import { type TestServer, startServer } from '../support/server.ts';
import { type MediaWorld, makeMediaWorld, sha256 } from './mediaWorld.ts';

const mebibyte = 2 ** 20;
/** `TEST_UPLOAD_MEGABYTES=1024` tries it with a file as large as films are. */
const size = Number(process.env['TEST_UPLOAD_MEGABYTES'] ?? '24') * mebibyte;

let world: MediaWorld;
let beside: TestServer;
let projectId: string;

beforeAll(async () => {
  const large = String(size * 4);
  const settings = { MEDIA_MAX_BYTES: large, MEDIA_QUOTA_BYTES: String(size * 9) };
  world = await makeMediaWorld(settings);
  beside = await startServer({ beside: world.server, settings, services: new Set(['api']) });
  projectId = await world.makeProject();
});
afterAll(async () => {
  await beside.close();
  await world.server.close();
});

const api = () => world.ada.client.media;

/** A sound of so many bytes, none of whose mebibytes is like another. */
function makeWav(bytes: number): Buffer {
  const wav = Buffer.alloc(bytes);
  wav.write('RIFF');
  wav.writeUInt32LE(bytes - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(48_000, 24);
  wav.writeUInt32LE(96_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(bytes - 44, 40);
  for (let at = mebibyte; at < bytes; at += mebibyte) wav.writeUInt32LE(at, at);
  return wav;
}

const announce = (bytes: Buffer) =>
  api().createUpload.mutate({ projectId, name: 'Long', contentType: 'audio/wav', size: bytes.length });

const headers = (offset: number) => ({
  'tus-resumable': '1.0.0',
  'upload-offset': String(offset),
  'content-type': 'application/offset+octet-stream',
});

const patch = (url: string, offset: number, bytes: Uint8Array) =>
  fetch(url, { method: 'PATCH', headers: headers(offset), body: bytes as never });

async function offsetOf(url: string): Promise<number> {
  const answer = await fetch(url, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } });
  expect(answer.status).toBe(200);
  return Number(answer.headers.get('upload-offset'));
}

/** Sends some bytes of a request that announces all, and stands still. */
async function begin(url: string, bytes: Buffer, offset: number, most: number) {
  const rest = bytes.length - offset;
  const sending = request(url, { method: 'PATCH', headers: { ...headers(offset), 'content-length': rest } });
  sending.on('error', () => {});
  if (!sending.write(bytes.subarray(offset, offset + most))) await once(sending, 'drain');
  return sending;
}

/** The bytes of a file as they are stored. */
async function storedHash(mediaId: string): Promise<string> {
  const { url } = await api().download.query({ projectId, mediaId });
  return sha256(Buffer.from(await (await fetch(url)).arrayBuffer()));
}

describe('a resumable upload', () => {
  test('that is cut off three times goes on each time with what had come, and completes', async () => {
    const bytes = makeWav(size);
    const { media, upload } = await announce(bytes);
    let offset = 0;
    for (const share of [0.2, 0.5, 0.8]) {
      const until = Math.floor(size * share);
      const sending = await begin(upload.tus.url, bytes, offset, until - offset);
      sending.destroy();
      const now = await offsetOf(upload.tus.url);
      expect(now).toBeGreaterThan(offset);
      expect(now).toBeLessThanOrEqual(until);
      offset = now;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const client = new tus.Upload(bytes, {
      uploadUrl: upload.tus.url,
      retryDelays: [0, 100],
      onError: reject,
      onSuccess: () => resolve(),
    });
    client.start();
    await promise;
    await api().completeUpload.mutate({ projectId, mediaId: media.id });
    const file = await world.settled(projectId, media.id);
    expect(file).toMatchObject({ status: 'ready', size, sha256: sha256(bytes) });
    expect(file.durationSeconds).toBeCloseTo((size - 44) / 96_000, 1);
    expect(await world.keysOf(projectId, media.id)).toEqual([`media/${projectId}/${media.id}`]);
    expect(await storedHash(media.id)).toBe(sha256(bytes));
  }, 600_000);

  test('goes on at another node', async () => {
    const bytes = makeWav(3 * mebibyte);
    const { media, upload } = await announce(bytes);
    expect((await patch(upload.tus.url, 0, bytes.subarray(0, mebibyte))).status).toBe(204);
    const elsewhere = upload.tus.url.replace(world.server.url, beside.url);
    expect(elsewhere).not.toBe(upload.tus.url);
    expect(await offsetOf(elsewhere)).toBe(mebibyte);
    expect((await patch(elsewhere, mebibyte, bytes.subarray(mebibyte))).status).toBe(204);
    await api().completeUpload.mutate({ projectId, mediaId: media.id });
    expect((await world.settled(projectId, media.id)).sha256).toBe(sha256(bytes));
  });

  test('takes one of several requests for the same place, whichever nodes they reach', async () => {
    const bytes = makeWav(2 * mebibyte);
    const { media, upload } = await announce(bytes);
    const urls = [upload.tus.url, upload.tus.url.replace(world.server.url, beside.url)];
    const answers = await Promise.all([...urls, ...urls].map((url) => patch(url, 0, bytes)));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([204, 409, 409, 409]);
    await api().completeUpload.mutate({ projectId, mediaId: media.id });
    expect((await world.settled(projectId, media.id)).sha256).toBe(sha256(bytes));
  });

  test('is not held up by a connection that hangs: what it brought is kept', async () => {
    const bytes = makeWav(2 * mebibyte);
    const { upload } = await announce(bytes);
    const hanging = await begin(upload.tus.url, bytes, 0, mebibyte);
    while ((await world.sql('select from upload_leases')).length === 0) await sleep(10);
    const elsewhere = upload.tus.url.replace(world.server.url, beside.url);
    expect(await offsetOf(elsewhere)).toBe(mebibyte);
    hanging.destroy();
  });

  test('can not be completed before its end, nor written after it', async () => {
    const bytes = makeWav(mebibyte);
    const { media, upload } = await announce(bytes);
    await patch(upload.tus.url, 0, bytes.subarray(0, 1000));
    expect(await failureOf(api().completeUpload.mutate({ projectId, mediaId: media.id }))).toMatchObject({
      code: 'MEDIA_UPLOAD_INCOMPLETE',
      message: `1000 of the ${mebibyte} bytes of the file have come.`,
    });
    expect((await patch(upload.tus.url, 1000, bytes.subarray(1000))).status).toBe(204);
    await api().completeUpload.mutate({ projectId, mediaId: media.id });
    expect((await patch(upload.tus.url, 0, bytes)).status).toBe(410);
    expect((await world.settled(projectId, media.id)).status).toBe('ready');
    expect((await patch(upload.tus.url, 0, bytes)).status).toBe(410);
  });

  test('takes no byte more than was announced', async () => {
    const { upload } = await announce(makeWav(1000));
    expect((await patch(upload.tus.url, 0, makeWav(1001))).status).toBe(413);
    const endless = fetch(upload.tus.url, {
      method: 'PATCH',
      headers: headers(0),
      body: Readable.toWeb(Readable.from([Buffer.alloc(700), Buffer.alloc(700)])) as never,
      duplex: 'half',
    });
    expect((await endless).status).toBe(413);
    expect(await offsetOf(upload.tus.url)).toBeLessThanOrEqual(1000);
  });
});

describe('a server that stood still for longer than it may hold an upload', () => {
  test('stores what it still had beside what came after it, and changes nothing by that', async () => {
    const bytes = makeWav(2 * mebibyte);
    const { media, upload } = await announce(bytes);
    const began = Promise.withResolvers<void>();
    const goesOn = Promise.withResolvers<void>();
    async function* stuck() {
      yield bytes.subarray(0, 1000);
      began.resolve();
      await goesOn.promise;
      yield Buffer.alloc(1000, 'x');
    }
    const { storage } = world.server.tessera.services;
    const late = storeParts(storage, { mediaId: media.id, offset: 0 }, stuck());
    await began.promise;
    expect((await patch(upload.tus.url, 0, bytes.subarray(0, mebibyte))).status).toBe(204);
    goesOn.resolve();
    expect(await late).toBe(2000);
    expect(await offsetOf(upload.tus.url)).toBe(mebibyte);
    expect((await patch(upload.tus.url, mebibyte, bytes.subarray(mebibyte))).status).toBe(204);
    await api().completeUpload.mutate({ projectId, mediaId: media.id });
    expect(await world.settled(projectId, media.id)).toMatchObject({
      status: 'ready',
      sha256: sha256(bytes),
    });
    expect(await world.keysOf(projectId, media.id)).toEqual([`media/${projectId}/${media.id}`]);
  });

  test('is told that another has it, and does not take it back', async () => {
    const { reads } = world.server.tessera.services;
    const { media } = await announce(makeWav(1000));
    const [first, second] = [new UploadLease(reads, media.id), new UploadLease(reads, media.id)];
    const lost = Promise.withResolvers<void>();
    expect(await first.take({ waitMs: 0, onWanted: () => lost.resolve() })).toBe(true);
    // As if it had not renewed it for ten seconds; it does so once a second.
    const runOut = `update upload_leases set expires_at = now() - interval '1 millisecond' where media_id = $1`;
    do await world.sql(runOut, [media.id]);
    while (!(await second.take({ waitMs: 0 })));
    await lost.promise;
    await first.release();
    const holders = await world.sql('select from upload_leases where media_id = $1', [media.id]);
    expect(holders).toHaveLength(1);
    await second.release();
    expect(await world.sql('select from upload_leases where media_id = $1', [media.id])).toEqual([]);
  });
});

describe('the address of a resumable upload', () => {
  const tokenOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);

  test('is refused when it is changed, made up or expired', async () => {
    const { upload, media } = await announce(makeWav(1000));
    const other = await announce(makeWav(1000));
    const [id = '', expires = '', key = '', signature = ''] = tokenOf(upload.tus.url).split('.');
    const forged = [
      [other.media.id, expires, key, signature],
      [id, String(Number(expires) + 1000), key, signature],
      [id, expires, 'deadbeef', signature],
      [id, expires, key, signature.replace(/^./, signature.startsWith('A') ? 'B' : 'A')],
      [id, expires, key],
      [media.id],
      ['..', '..', 'storage'],
    ];
    for (const parts of forged) {
      const url = `${world.server.url}/tus/${parts.join('.')}`;
      const answer = await patch(url, 0, makeWav(1000));
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: 'MEDIA_UPLOAD_URL_REFUSED' });
    }
    expect(await offsetOf(upload.tus.url)).toBe(0);
    await world.sql(`update media_files set upload_expires_at = now() where id = $1`, [media.id]);
    expect((await patch(upload.tus.url, 0, makeWav(1000))).status).toBe(410);
    await api().delete.mutate({ projectId, mediaId: other.media.id });
    expect((await patch(other.upload.tus.url, 0, makeWav(1000))).status).toBe(410);
  });

  test('makes and removes nothing by itself', async () => {
    const { upload } = await announce(makeWav(1000));
    for (const [method, path] of [
      ['POST', upload.tus.url],
      ['POST', `${world.server.url}/tus/`],
      ['DELETE', upload.tus.url],
      ['GET', upload.tus.url],
    ] as const) {
      const answer = await fetch(path, {
        method,
        headers: { 'tus-resumable': '1.0.0', 'x-http-method-override': 'DELETE' },
      });
      expect(answer.status).toBe(405);
    }
    expect(await offsetOf(upload.tus.url)).toBe(0);
  });

  test('answers pages of allowed origins, and no others', async () => {
    const { upload } = await announce(makeWav(1000));
    const ask = (origin: string) =>
      fetch(upload.tus.url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'PATCH' },
      });
    const own = await ask(world.server.url);
    expect(own.headers.get('access-control-allow-origin')).toBe(world.server.url);
    expect(own.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});
