import { once } from 'node:events';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findMissingEnd } from '../../src/drivers/media/findMissingEnd.ts';
import { probeFile } from '../../src/drivers/media/probeFile.ts';
import { failureOf } from '../support/failure.ts';
import { codesOf } from '../support/workWorld.ts';
import { type MediaWorld, makeMediaWorld, sendPut } from './mediaWorld.ts';

let world: MediaWorld;
let projectId: string;
/** Where playlists lead to; nobody may come. */
const trap = createServer((_request, response) => response.end());
let visits = 0;
let trapUrl: string;

beforeAll(async () => {
  trap.on('connection', () => (visits += 1));
  trap.listen(0, '127.0.0.1');
  await once(trap, 'listening');
  trapUrl = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/x.mp4`;
  world = await makeMediaWorld();
  projectId = await world.makeProject();
});
afterAll(async () => {
  await world.server.close();
  trap.close();
});

const api = () => world.ada.client.media;
const srt = 'application/x-subrip';
const cue = '1\n00:00:01,000 --> 00:00:02,000\nHallo\n';

/** What completing this upload fails with; nothing of it may be kept. */
async function refusalOf(bytes: Uint8Array, contentType: string) {
  const { media } = await world.put(projectId, bytes, { contentType });
  const failure = await failureOf(api().completeUpload.mutate({ projectId, mediaId: media.id }));
  const { status, error } = await api().get.query({ projectId, mediaId: media.id });
  expect([status, error?.code]).toEqual(['failed', failure.code]);
  expect(await world.keysOf(projectId, media.id)).toEqual([]);
  expect((await failureOf(api().completeUpload.mutate({ projectId, mediaId: media.id }))).message).toBe(
    failure.message,
  );
  return failure;
}

/** What the job says of these bytes; nothing of them may be kept. */
async function faultOf(bytes: Uint8Array, contentType: string) {
  const file = await world.upload(projectId, bytes, { contentType });
  expect(file.status).toBe('failed');
  expect(await world.keysOf(projectId, file.id)).toEqual([]);
  return file.error;
}

describe('a file that would make a player open others', () => {
  const scripts = (): [string, string][] => [
    ['an HLS playlist', `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${trapUrl}\n`],
    ['a concat script', `ffconcat version 1.0\nfile '${trapUrl}'\n`],
    ['a concat script', `file /etc/passwd\n`],
    ['a DASH manifest', `<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>${trapUrl}</BaseURL></MPD>`],
    ['a SMIL or XML document', `<?xml version="1.0"?><!DOCTYPE x SYSTEM "${trapUrl}"><x/>`],
    ['a session description', `v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5000 RTP/AVP 96\n`],
    ['a playlist', `[playlist]\nFile1=${trapUrl}\n`],
  ];

  test('is refused, whatever it is announced as', async () => {
    for (const [found, script] of scripts())
      for (const contentType of ['video/mp4', srt])
        expect(await refusalOf(Buffer.from(script), contentType)).toMatchObject({
          code: 'MEDIA_HOSTILE',
          message: expect.stringContaining(found) as string,
        });
    expect(visits).toBe(0);
  });

  test('is refused when it begins as subtitles', async () => {
    const late = `${cue}\n`.repeat(3000) + scripts()[0]![1];
    expect(await faultOf(Buffer.from(late), srt)).toMatchObject({ code: 'MEDIA_HOSTILE' });
    const vtt = `WEBVTT\n\nSTYLE\n::cue { background: url(${trapUrl}) }\n\n00:01.000 --> 00:02.000\nx\n`;
    expect(await refusalOf(Buffer.from(vtt), 'text/vtt')).toMatchObject({ code: 'MEDIA_HOSTILE' });
    const ass = `[Script Info]\nVideo File: ../../secret.mp4\n\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,,,,,x\n`;
    expect(await refusalOf(Buffer.from(ass), 'text/x-ssa')).toMatchObject({ code: 'MEDIA_HOSTILE' });
  });

  test('reaches neither network nor disk, even when it is handed to the prober itself', async () => {
    const folder = join(world.server.dataDir, 'trap');
    await mkdir(folder);
    const path = join(folder, 'media');
    for (const [, script] of scripts())
      for (const demuxer of ['mov', 'matroska', 'mpegts', 'mp3']) {
        await writeFile(path, script);
        const probing = probeFile({
          path,
          contentType: 'x/y',
          demuxer,
          seconds: 300,
          signal: new AbortController().signal,
        });
        await expect(probing).rejects.toMatchObject({
          errorCode: expect.stringMatching(/^MEDIA_(UNREADABLE|TRUNCATED)$/) as string,
        });
      }
    expect(visits).toBe(0);
    expect(await readdir(folder)).toEqual(['media']);
  });
});

describe('a file that is not what it says', () => {
  test('is refused, and nothing of it is kept', async () => {
    const { samples } = world;
    const lies: [Uint8Array, string, string][] = [
      [samples['sound.wav'], 'video/mp4', 'audio/wav'],
      [samples['video.mp4'], 'video/webm', 'video/mp4'],
      [Buffer.from(cue), 'video/mp4', 'srt'],
      [Buffer.from('<b>Hello</b> people'), 'text/vtt', 'text'],
      [Buffer.from([0, 1, 2, 255]), 'audio/wav', 'of no known type'],
      [Buffer.from('PK\u0003\u0004'.padEnd(64, '\0')), 'video/mp4', 'application/zip'],
    ];
    for (const [bytes, contentType, found] of lies)
      expect(await refusalOf(bytes, contentType)).toMatchObject({
        code: 'MEDIA_TYPE_MISMATCH',
        message: `The file was announced as ${contentType}, and its bytes are ${found}; nothing was kept.`,
      });
  });

  test('is refused before it is sent, when its type, size or name is none that is taken', async () => {
    const announce = (more: object) =>
      failureOf(
        api().createUpload.mutate({ projectId, name: 'N', contentType: 'video/mp4', size: 1, ...more }),
      );
    for (const contentType of [
      'application/vnd.apple.mpegurl',
      'text/html',
      'video/mp4; codecs="x"',
      'VIDEO/MP4',
    ])
      expect(await announce({ contentType })).toMatchObject({ code: 'MEDIA_FORMAT_UNKNOWN' });
    expect(await announce({ mediaType: 'audio' })).toMatchObject({ code: 'MEDIA_FORMAT_UNKNOWN' });
    expect(await announce({ size: 0 })).toMatchObject({ code: 'BAD_INPUT' });
    expect(await announce({ size: 2 ** 40 })).toMatchObject({ code: 'MEDIA_TOO_LARGE' });
    expect(await announce({ contentType: srt, size: 2 ** 25 })).toMatchObject({ code: 'MEDIA_TOO_LARGE' });
    for (const name of ['', 'two\nlines', 'nul\0', 'x'.repeat(256)])
      expect(await announce({ name })).toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('a damaged file', () => {
  test('is told from a whole one', async () => {
    const { samples } = world;
    const half = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2));
    expect(await faultOf(half(samples['video.mp4']), 'video/mp4')).toMatchObject({ code: 'MEDIA_TRUNCATED' });
    expect(await faultOf(samples['video.mp4'].subarray(0, 400), 'video/mp4')).toMatchObject({
      code: 'MEDIA_TRUNCATED',
    });
    expect(await faultOf(half(samples['video.webm']), 'video/webm')).toMatchObject({
      code: 'MEDIA_TRUNCATED',
    });
    expect(await faultOf(half(samples['sound.wav']), 'audio/wav')).toMatchObject({ code: 'MEDIA_TRUNCATED' });
    const noise = Buffer.from(samples['video.mp4']).fill(0x55, 64);
    expect((await faultOf(noise, 'video/mp4'))?.code).toMatch(/^MEDIA_(UNREADABLE|TRUNCATED)$/);
  });

  test('of nothing but empty boxes is read in pieces, and let go when its job is cancelled', async () => {
    const path = join(world.server.dataDir, 'boxes.mp4');
    const box = Buffer.from([0, 0, 0, 8, ...Buffer.from('free')]);
    await writeFile(path, Buffer.concat(Array.from({ length: 20_000 }, () => box)));
    await using file = await open(path);
    const reading = vi.spyOn(Object.getPrototypeOf(file) as typeof file, 'read');
    onTestFinished(() => reading.mockRestore());
    const find = (signal: AbortSignal) => findMissingEnd({ path, demuxer: 'mov', signal });
    expect(await find(new AbortController().signal)).toBe('its index (moov) is missing');
    expect(reading.mock.calls.length).toBeLessThan(100);
    await expect(find(AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
  });

  test('without the pictures or the sound that it is announced with is refused', async () => {
    expect(await faultOf(world.samples['silent.mp4'], 'audio/mp4')).toMatchObject({ code: 'MEDIA_SILENT' });
    const silent = await world.upload(projectId, world.samples['silent.mp4'], { contentType: 'video/mp4' });
    expect(silent).toMatchObject({ status: 'ready', facts: { streams: [{ kind: 'video' }] } });
  });

  test('of subtitles is refused with the reason', async () => {
    const backwards = '1\n00:00:03,000 --> 00:00:02,000\nHallo\n';
    expect(await faultOf(Buffer.from(backwards), srt)).toMatchObject({
      code: 'MEDIA_UNREADABLE',
      message: expect.stringContaining('its cue 1 ends before it begins') as string,
    });
    expect(await faultOf(Buffer.from('WEBVTT\n\n'), 'text/vtt')).toMatchObject({ code: 'MEDIA_UNREADABLE' });
    const latin = Buffer.concat([Buffer.from(cue.repeat(3000)), Buffer.from([0xe4, 0x0a])]);
    expect(await faultOf(latin, srt)).toMatchObject({
      message: expect.stringContaining('no text in UTF-8') as string,
    });
  });
});

test('without ffprobe the file is kept, the failure says what to do, and the job can be retried', async () => {
  const empty = join(world.server.dataDir, 'empty');
  await mkdir(empty);
  const before = process.env['PATH'];
  // The shell that starts it has to be found, and nothing else.
  process.env['PATH'] = empty;
  try {
    const file = await world.upload(projectId, world.samples['sound.wav'], { contentType: 'audio/wav' });
    expect(file).toMatchObject({ status: 'failed', error: { code: 'MEDIA_PROBER_MISSING' } });
    expect(await world.keysOf(projectId, file.id)).toHaveLength(1);
    process.env['PATH'] = before;
    const { items } = await world.ada.client.jobs.list.query({ projectId, limit: 1 });
    expect(items[0]?.error?.remedy).toContain('scripts/install-debian-packages');
    await world.ada.client.jobs.retry.mutate({ projectId, jobId: items[0]!.id });
    await world.retried(projectId, file.id);
    expect(await api().get.query({ projectId, mediaId: file.id })).toMatchObject({
      status: 'ready',
      error: null,
    });
  } finally {
    process.env['PATH'] = before;
  }
});

describe('a file of another tenant', () => {
  test('is not there: by its id, by its key or by what it might be made from', async () => {
    const file = await world.upload(projectId, world.samples['sound.wav'], { contentType: 'audio/wav' });
    const eve = await world.server.person('Eve');
    const { id: own } = await eve.client.projects.create.mutate({ name: 'Own' });
    const { media } = eve.client;
    const place = { projectId: own, mediaId: file.id };
    const calls = [
      media.get.query(place),
      media.download.query(place),
      media.completeUpload.mutate(place),
      media.update.mutate({ ...place, name: 'Mine' }),
      media.delete.mutate(place),
      media.restore.mutate(place),
      media.createUpload.mutate({
        projectId: own,
        name: 'N',
        contentType: 'video/mp4',
        size: 1,
        derivedFrom: file.id,
      }),
      media.get.query({ projectId, mediaId: file.id }),
      media.list.query({ projectId }),
    ];
    expect(new Set(await codesOf(calls))).toEqual(new Set(['NOT_FOUND']));
    const { url } = await api().download.query({ projectId, mediaId: file.id });
    expect((await fetch(url.split('?')[0]!)).status).toBe(403);
    const { upload } = await media.createUpload.mutate({
      projectId: own,
      name: '../../media',
      contentType: 'audio/wav',
      size: 4,
    });
    const foreign = url.split('?')[0]!;
    const query = upload.put!.url.split('?')[1]!;
    const stolen = { ...upload, put: { ...upload.put!, url: `${foreign}?${query}` } };
    expect((await sendPut(stolen, Buffer.from('RIFF'))).status).toBe(403);
    expect((await api().get.query({ projectId, mediaId: file.id })).sha256).toBe(file.sha256);
  });
});
