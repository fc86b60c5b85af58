import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteOld, endUploads, removePurgeable } from '../../src/domain/media/keepHouse.ts';
import { purgeDeleted } from '../../src/domain/retention/purgeDeleted.ts';
import { failureOf } from '../support/failure.ts';
import { type MediaWorld, makeMediaWorld, sendPut } from './mediaWorld.ts';

let world: MediaWorld;
const quota = 100_000;

beforeAll(async () => {
  // The server's own media.expire, which comes every ten minutes, is to delete nothing that tests make old.
  world = await makeMediaWorld({ MEDIA_QUOTA_BYTES: String(quota), MEDIA_FAILED_DAYS: '36500' });
});
afterAll(() => world.server.close());

const api = () => world.ada.client.media;
const wav = { contentType: 'audio/wav' };
const services = () => world.server.tessera.services;
const announce = (projectId: string, size: number, more = {}) =>
  api().createUpload.mutate({ projectId, name: 'N', size, ...wav, ...more });
const statusOf = async (projectId: string, mediaId: string) =>
  (await api().get.query({ projectId, mediaId })).status;
const exists = async (id: string) =>
  (await world.sql('select from media_files where id = $1', [id])).length > 0;
const age = (id: string, column: string, days: number) =>
  world.sql(`update media_files set ${column} = now() - make_interval(days => $2) where id = $1`, [id, days]);
const subtitles = Buffer.from('1\n00:00:01,000 --> 00:00:02,000\nHallo\n');
const upload = (projectId: string, more = {}) =>
  world.upload(projectId, subtitles, { contentType: 'application/x-subrip', ...more });

async function purge() {
  await removePurgeable(services().orm, services().storage, 30);
  return purgeDeleted(services().orm, 30);
}
/** Gives the quota back that a test has used. */
const clear = () => world.sql('update media_files set bytes_removed_at = now(), upload_expires_at = null');

describe('the quota', () => {
  test('is shared by all projects of an owner, and two at once cannot exceed it', async () => {
    await clear();
    const projects = await Promise.all([world.makeProject(), world.makeProject()]);
    const calls = Array.from({ length: 8 }, (_, index) => announce(projects[index % 2]!, quota / 4));
    const settled = await Promise.allSettled(calls);
    const codes = settled.map((one) =>
      one.status === 'fulfilled' ? 'ok' : (one.reason as { data: { code: string } }).data.code,
    );
    expect(codes.toSorted()).toEqual([
      ...Array<string>(4).fill('MEDIA_QUOTA_EXCEEDED'),
      ...Array<string>(4).fill('ok'),
    ]);
    expect(await api().usage.query({ projectId: projects[0] })).toEqual({
      used: quota,
      quota,
      largest: 5 * 2 ** 30,
    });
    const bob = await world.server.person('Bob');
    const { id } = await bob.client.projects.create.mutate({ name: 'Other' });
    await bob.client.media.createUpload.mutate({ projectId: id, name: 'N', size: quota, ...wav });
  });

  test('is given back when an upload fails, expires or is deleted', async () => {
    await clear();
    const projectId = await world.makeProject();
    const half = Buffer.alloc(quota / 2, 'x');
    const failed = await announce(projectId, half.length);
    await sendPut(failed.upload, half);
    const late = await announce(projectId, half.length);
    expect(await failureOf(announce(projectId, 1))).toMatchObject({ code: 'MEDIA_QUOTA_EXCEEDED' });
    const mediaId = failed.media.id;
    await failureOf(api().completeUpload.mutate({ projectId, mediaId }));
    const again = await announce(projectId, half.length);
    await age(late.media.id, 'upload_expires_at', 1);
    await api().delete.mutate({ projectId, mediaId: again.media.id });
    expect(await failureOf(announce(projectId, quota))).toMatchObject({ code: 'MEDIA_QUOTA_EXCEEDED' });
    await endUploads(services().orm, services().storage);
    expect((await announce(projectId, quota)).media.status).toBe('uploading');
  });
});

test('an upload that is not completed in time ends, with its bytes', async () => {
  await clear();
  const projectId = await world.makeProject();
  const { media, upload: urls } = await announce(projectId, 10);
  const headers = {
    'tus-resumable': '1.0.0',
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
  };
  await fetch(urls.tus.url, { method: 'PATCH', headers, body: 'abc' });
  expect(await world.keysOf(projectId, media.id)).toHaveLength(1);
  await endUploads(services().orm, services().storage);
  expect(await statusOf(projectId, media.id)).toBe('uploading');
  await age(media.id, 'upload_expires_at', 1);
  await endUploads(services().orm, services().storage);
  expect(await api().get.query({ projectId, mediaId: media.id })).toMatchObject({
    status: 'failed',
    error: { code: 'MEDIA_UPLOAD_EXPIRED' },
  });
  expect(await world.keysOf(projectId, media.id)).toEqual([]);
  expect(await failureOf(api().completeUpload.mutate({ projectId, mediaId: media.id }))).toMatchObject({
    code: 'MEDIA_UPLOAD_EXPIRED',
  });
});

test('what a URL stores after its file is complete is removed, and the file stays', async () => {
  await clear();
  const projectId = await world.makeProject();
  const { media, upload: urls } = await world.put(projectId, subtitles, {
    contentType: 'application/x-subrip',
  });
  await api().completeUpload.mutate({ projectId, mediaId: media.id });
  await world.settled(projectId, media.id);
  await sendPut(urls, subtitles);
  expect(await world.keysOf(projectId, media.id)).toHaveLength(2);
  await age(media.id, 'upload_expires_at', 1);
  await endUploads(services().orm, services().storage);
  expect(await world.keysOf(projectId, media.id)).toEqual([`media/${projectId}/${media.id}`]);
  expect(await statusOf(projectId, media.id)).toBe('ready');
});

describe('a deleted file', () => {
  test('can be taken back for RETENTION_DAYS; after that its bytes go, and then its row', async () => {
    await clear();
    const projectId = await world.makeProject();
    const { id } = await upload(projectId);
    await age(id, 'upload_expires_at', 1);
    await endUploads(services().orm, services().storage);
    await api().delete.mutate({ projectId, mediaId: id });
    await age(id, 'deleted_at', 29);
    expect(await purge()).toEqual({});
    expect((await api().list.query({ projectId })).items).toEqual([]);
    expect((await api().list.query({ projectId, deleted: true })).items).toMatchObject([{ id }]);
    await api().restore.mutate({ projectId, mediaId: id });
    expect((await api().list.query({ projectId, deleted: true })).items).toEqual([]);
    await api().delete.mutate({ projectId, mediaId: id });
    await age(id, 'deleted_at', 31);
    expect(await failureOf(api().restore.mutate({ projectId, mediaId: id }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    // Never a row without its bytes.
    expect(await purgeDeleted(services().orm, 30)).toEqual({});
    expect(await world.keysOf(projectId, id)).toHaveLength(1);
    expect(await purge()).toEqual({ media_files: 1 });
    expect(await world.keysOf(projectId, id)).toEqual([]);
    expect(await exists(id)).toBe(false);
  });

  test('is kept while a job works on it, or something that was made from it is kept', async () => {
    await clear();
    const projectId = await world.makeProject();
    const origin = await upload(projectId);
    const child = await upload(projectId, { derivedFrom: origin.id });
    await world.sql('update media_files set upload_expires_at = null where project_id = $1', [projectId]);
    await api().delete.mutate({ projectId, mediaId: origin.id });
    await age(origin.id, 'deleted_at', 31);
    expect(await purge()).toEqual({});
    expect(await world.keysOf(projectId, origin.id)).toHaveLength(1);
    await api().delete.mutate({ projectId, mediaId: child.id });
    await age(child.id, 'deleted_at', 31);
    const setJobs = (status: string) =>
      world.sql(
        `update jobs set status = $2, run_at = now() + interval '1 day' where id in (select id from media_jobs where input_media_id = $1)`,
        [child.id, status],
      );
    await setJobs('pending');
    expect(await purge()).toEqual({});
    await setJobs('completed');
    expect(await purge()).toEqual({ media_files: 2 });
  });

  test('goes with its project', async () => {
    await clear();
    const projectId = await world.makeProject();
    const origin = await upload(projectId);
    const child = await upload(projectId, { derivedFrom: origin.id });
    await world.sql('update media_files set upload_expires_at = null where project_id = $1', [projectId]);
    await world.ada.client.projects.delete.mutate({ projectId });
    await world.sql(`update projects set deleted_at = now() - interval '31 days' where id = $1`, [projectId]);
    expect(await purgeDeleted(services().orm, 30)).toEqual({});
    expect(await purge()).toMatchObject({ projects: 1 });
    for (const { id } of [origin, child]) {
      expect(await world.keysOf(projectId, id)).toEqual([]);
      expect(await exists(id)).toBe(false);
    }
  });
});

test('originals, derived and failed files are kept for as long as the settings say of each', async () => {
  await clear();
  const projectId = await world.makeProject();
  const origin = await upload(projectId);
  const child = await upload(projectId, { derivedFrom: origin.id });
  const failed = await announce(projectId, 1);
  await age(failed.media.id, 'upload_expires_at', 1);
  await endUploads(services().orm, services().storage);
  for (const id of [origin.id, child.id, failed.media.id]) await age(id, 'created_at', 10);
  const keep = (original: number | undefined, derived: number | undefined, lost: number) =>
    deleteOld(services().orm, {
      MEDIA_ORIGINAL_DAYS: original,
      MEDIA_DERIVED_DAYS: derived,
      MEDIA_FAILED_DAYS: lost,
    });
  const left = async () => (await api().list.query({ projectId })).items.map(({ id }) => id);
  expect(await keep(undefined, undefined, 11)).toBe(0);
  // What was made from it is kept, so it is, too.
  expect(await keep(9, undefined, 11)).toBe(0);
  expect(await keep(undefined, 9, 11)).toBe(1);
  expect(await left()).not.toContain(child.id);
  expect(await keep(9, undefined, 11)).toBe(1);
  expect(await left()).toEqual([failed.media.id]);
  expect(await keep(undefined, undefined, 9)).toBe(1);
  expect(await left()).toEqual([]);
});
