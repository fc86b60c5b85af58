import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { eventsOf } from '../support/workWorld.ts';
import { type MediaWorld, makeMediaWorld, sendPut, sha256 } from './mediaWorld.ts';

let world: MediaWorld;
let projectId: string;

beforeAll(async () => {
  world = await makeMediaWorld({ MEDIA_MAX_BYTES: '200000', MEDIA_QUOTA_BYTES: '1000000' });
  projectId = await world.makeProject();
});
afterAll(() => world.server.close());

const api = () => world.ada.client.media;
const mp4 = { contentType: 'video/mp4' };

describe('an upload by signed URL', () => {
  test('becomes a file with hash, duration, streams and language, which is read by signed URL', async () => {
    const bytes = world.samples['video.mp4'];
    const file = await world.upload(projectId, bytes, { name: 'Ein Vortrag <1>/ä.mp4', ...mp4 });
    expect(file).toMatchObject({
      name: 'Ein Vortrag <1>/ä.mp4',
      status: 'ready',
      mediaType: 'video',
      contentType: 'video/mp4',
      size: bytes.length,
      sha256: sha256(bytes),
      userId: world.ada.id,
      error: null,
      facts: {
        format: 'mov',
        streams: [
          { kind: 'video', codec: 'mpeg4', width: 64, height: 48, frameRate: 10 },
          { kind: 'audio', codec: 'aac', language: 'deu', channels: 1 },
        ],
      },
    });
    expect(file.durationSeconds).toBeCloseTo(1, 0);
    expect(await eventsOf(world.server, projectId, `media:${file.id}`)).toEqual([
      'media.created',
      'media.uploaded',
      'media.ready',
    ]);
    const { url, expiresAt } = await api().download.query({ projectId, mediaId: file.id });
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 60_000);
    const whole = await fetch(url);
    expect(whole.headers.get('content-disposition')).toContain("filename*=UTF-8''Ein%20Vortrag");
    expect(whole.headers.get('content-type')).toBe('video/mp4');
    expect(sha256(Buffer.from(await whole.arrayBuffer()))).toBe(sha256(bytes));
    const part = await fetch(url, { headers: { range: 'bytes=4-7' } });
    expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
    expect(await world.keysOf(projectId, file.id)).toEqual([`media/${projectId}/${file.id}`]);
  });

  test('can be completed twice, and then has one job, whose output it is', async () => {
    const { media } = await world.put(projectId, world.samples['sound.wav'], { contentType: 'audio/wav' });
    const first = await api().completeUpload.mutate({ projectId, mediaId: media.id });
    const second = await api().completeUpload.mutate({ projectId, mediaId: media.id });
    expect(second.jobId).toBe(first.jobId);
    await world.settled(projectId, media.id);
    expect((await api().completeUpload.mutate({ projectId, mediaId: media.id })).media.status).toBe('ready');
    const { outputs, status } = await world.ada.client.jobs.get.query({ projectId, jobId: first.jobId });
    expect([status, outputs.map(({ mediaId }) => mediaId)]).toEqual(['completed', [media.id]]);
    const read = await fetch(outputs[0]!.url);
    expect(sha256(Buffer.from(await read.arrayBuffer()))).toBe(sha256(world.samples['sound.wav']));
  });

  test('that is completed by several at once has one job', async () => {
    const { media } = await world.put(projectId, world.samples['sound.mp3'], { contentType: 'audio/mpeg' });
    const calls = Array.from({ length: 4 }, () =>
      api().completeUpload.mutate({ projectId, mediaId: media.id }),
    );
    const jobs = (await Promise.all(calls)).map(({ jobId }) => jobId);
    expect(new Set(jobs).size).toBe(1);
    expect((await world.settled(projectId, media.id)).status).toBe('ready');
  });

  test('can not be changed by its URL once it is completed', async () => {
    const bytes = world.samples['sound.wav'];
    const { media, upload } = await world.put(projectId, bytes, { contentType: 'audio/wav' });
    await api().completeUpload.mutate({ projectId, mediaId: media.id });
    const other = Buffer.from(bytes).fill(0, 100);
    expect((await sendPut(upload, other)).ok).toBe(true);
    expect((await world.settled(projectId, media.id)).sha256).toBe(sha256(bytes));
    await api().completeUpload.mutate({ projectId, mediaId: media.id });
    const { url } = await api().download.query({ projectId, mediaId: media.id });
    expect(sha256(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(sha256(bytes));
  });

  test('is not complete before its bytes are there, and not downloaded before it is ready', async () => {
    const { media } = await api().createUpload.mutate({ projectId, name: 'Later', size: 5, ...mp4 });
    expect(await failureOf(api().completeUpload.mutate({ projectId, mediaId: media.id }))).toMatchObject({
      code: 'MEDIA_UPLOAD_INCOMPLETE',
      message: '0 of the 5 bytes of the file have come.',
    });
    expect(await failureOf(api().download.query({ projectId, mediaId: media.id }))).toMatchObject({
      code: 'MEDIA_NOT_READY',
    });
  });

  test('that is asked for again with its mutationId is the same one, with URLs that work', async () => {
    const wanted = { projectId, name: 'Once', size: 3, ...mp4, mutationId: 'once' };
    const first = await api().createUpload.mutate(wanted);
    const second = await api().createUpload.mutate(wanted);
    expect(second.media).toEqual(first.media);
    expect((await sendPut(second.upload, Buffer.from('abc'))).ok).toBe(true);
  });
});

describe('subtitles', () => {
  test.each([
    [
      'application/x-subrip',
      '1\n00:00:01,000 --> 00:00:02,500\nHallo\n\n2\n00:01:00,000 --> 00:01:02,000\nWelt\n',
      2,
      62,
    ],
    ['text/vtt', '\uFEFFWEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.250 align:start\nHallo\n', 1, 2.25],
    [
      'text/x-ssa',
      '[Script Info]\nTitle: x\n\n[Events]\nDialogue: 0,0:00:01.00,0:00:03.50,Default,,0,0,0,,Hallo\n',
      1,
      3.5,
    ],
  ])('as %s are counted and timed', async (contentType, text, cues, durationSeconds) => {
    const file = await world.upload(projectId, Buffer.from(text), { contentType });
    expect(file).toMatchObject({ status: 'ready', mediaType: 'subtitle', durationSeconds, facts: { cues } });
    expect(file.sha256).toBe(sha256(Buffer.from(text)));
  });
});

describe('a file made from another', () => {
  test('is found from both ends, and keeps its origin', async () => {
    const wav = { contentType: 'audio/wav' };
    const original = await world.upload(projectId, world.samples['video.mp4'], mp4);
    const sound = await world.upload(projectId, world.samples['sound.wav'], {
      ...wav,
      derivedFrom: original.id,
    });
    const again = await world.upload(projectId, world.samples['sound.wav'], {
      ...wav,
      derivedFrom: sound.id,
    });
    expect(again.origins.map(({ id }) => id)).toEqual([sound.id, original.id]);
    const { derivatives } = await api().get.query({ projectId, mediaId: original.id });
    expect(derivatives.map(({ id }) => id)).toEqual([sound.id]);
    const { items } = await api().list.query({ projectId, derivedFrom: sound.id });
    expect(items.map(({ id }) => id)).toEqual([again.id]);
  });

  test('can not be its own origin, nor come from another project’s', async () => {
    const elsewhere = await world.makeProject();
    const other = await api().createUpload.mutate({ projectId: elsewhere, name: 'Other', size: 1, ...mp4 });
    const id = '018f0000-0000-7000-8000-0000000000aa';
    for (const derivedFrom of [id, other.media.id])
      expect(
        await failureOf(
          api().createUpload.mutate({ projectId, id, name: 'Loop', size: 1, ...mp4, derivedFrom }),
        ),
      ).toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('the files of a project are listed newest first, page by page, by status and type', async () => {
  const own = await world.makeProject();
  const ids: string[] = [];
  for (const contentType of ['video/mp4', 'audio/wav', 'text/vtt'])
    ids.unshift(
      (await api().createUpload.mutate({ projectId: own, name: 'N', size: 1, contentType })).media.id,
    );
  const first = await api().list.query({ projectId: own, limit: 2 });
  const second = await api().list.query({ projectId: own, limit: 2, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
  expect(second.nextCursor).toBeNull();
  const sounds = await api().list.query({ projectId: own, mediaType: 'audio', status: 'uploading' });
  expect(sounds.items.map(({ id }) => id)).toEqual([ids[1]]);
  expect((await api().list.query({ projectId: own, status: 'ready' })).items).toEqual([]);
});

test('a file is renamed, deleted and taken back', async () => {
  const { id: mediaId } = await world.upload(projectId, world.samples['sound.mp3'], {
    contentType: 'audio/mpeg',
  });
  expect((await api().update.mutate({ projectId, mediaId, name: 'Better' })).name).toBe('Better');
  await api().delete.mutate({ projectId, mediaId });
  expect(await failureOf(api().download.query({ projectId, mediaId }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await api().restore.mutate({ projectId, mediaId })).toMatchObject({
    name: 'Better',
    status: 'ready',
  });
  expect((await fetch((await api().download.query({ projectId, mediaId })).url)).ok).toBe(true);
});
