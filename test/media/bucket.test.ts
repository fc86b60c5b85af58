import { afterAll, beforeAll, expect, test } from 'vitest';
import { type S3Server, startS3 } from '../support/s3Server.ts';
import { type MediaWorld, makeMediaWorld, sha256 } from './mediaWorld.ts';

let bucket: S3Server;
let world: MediaWorld;

beforeAll(async () => {
  bucket = await startS3();
  world = await makeMediaWorld({
    STORAGE_URL: bucket.url,
    S3_ACCESS_KEY_ID: bucket.credentials.accessKeyId,
    S3_SECRET_ACCESS_KEY: bucket.credentials.secretAccessKey,
  });
});
afterAll(async () => {
  await world.server.close();
  await bucket[Symbol.asyncDispose]();
});

const contentType = 'audio/wav';

test('in a bucket, too, a file is uploaded by signed URL or piece by piece, and read', async () => {
  const projectId = await world.makeProject();
  const bytes = world.samples['sound.wav'];
  const { media: api } = world.ada.client;
  const whole = await world.upload(projectId, bytes, { contentType });
  const { media, upload } = await api.createUpload.mutate({
    projectId,
    name: 'Talk',
    contentType,
    size: bytes.length,
  });
  for (const [from, to] of [
    [0, 1000],
    [1000, bytes.length],
  ] as const) {
    const answer = await fetch(upload.tus.url, {
      method: 'PATCH',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-offset': String(from),
        'content-type': 'application/offset+octet-stream',
      },
      body: bytes.subarray(from, to) as never,
    });
    expect(answer.headers.get('upload-offset')).toBe(String(to));
  }
  await api.completeUpload.mutate({ projectId, mediaId: media.id });
  const pieces = await world.settled(projectId, media.id);
  for (const file of [whole, pieces]) {
    expect(file).toMatchObject({ status: 'ready', sha256: sha256(bytes) });
    expect(await world.keysOf(projectId, file.id)).toEqual([`media/${projectId}/${file.id}`]);
    const { url } = await api.download.query({ projectId, mediaId: file.id });
    expect(new URL(url).origin).not.toBe(world.server.url);
    expect(sha256(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(sha256(bytes));
  }
});
