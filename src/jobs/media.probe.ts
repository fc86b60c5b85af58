import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isOutage } from '../database/isOutage.ts';
import { findFormat } from '../domain/media/formats.ts';
import { finishProbe } from '../domain/media/finishProbe.ts';
import { probeJobType, probeParams } from '../domain/media/probeParams.ts';
import { readSubtitles, mostSubtitleBytes } from '../domain/media/readSubtitles.ts';
import { refuseMedia } from '../domain/media/refuseMedia.ts';
import { removeUpload } from '../domain/media/removeBytes.ts';
import { removeRefused } from '../domain/media/removeRefused.ts';
import { findParts, readParts } from '../domain/media/uploadParts.ts';
import { type ProbeResult, probeFile } from '../drivers/media/probeFile.ts';
import { TesseraError, fail } from '../errors.ts';
import { type StoredMedia, readMedia } from '../views/sql/media/readMedia.ts';
import { type JobContext, defineJob } from './defineJob.ts';

type ProbeJob = JobContext<'assemble' | 'read' | 'probe'>;

/** Folders of attempts whose worker died are removed after so long. */
const leftoverMs = 24 * 3_600_000;

/** A private folder on the disk of the data, for memory would be too small; removed with what is in it. */
async function openFolder(dataDir: string): Promise<AsyncDisposable & { path: string }> {
  const parent = join(dataDir, 'probes');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (const name of await readdir(parent)) {
    const left = await stat(join(parent, name)).catch(() => null);
    if (left && Date.now() - left.mtimeMs > leftoverMs)
      await rm(join(parent, name), { recursive: true, force: true });
  }
  const path = await mkdtemp(join(parent, 'probe-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Passes bytes on, hashes them and tells how far it is. */
function meter(job: ProbeJob, stage: 'assemble' | 'read', size: number) {
  const hash = createHash('sha256');
  let seen = 0;
  async function* pass(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      job.signal.throwIfAborted();
      hash.update(chunk);
      seen += chunk.length;
      job.progress(stage, seen / size);
      yield chunk;
    }
  }
  return { pass, digest: () => hash.digest('hex') };
}

/** Puts the parts of a resumable upload together. What was put together before is left as it is. */
async function assemble(job: ProbeJob, media: StoredMedia): Promise<void> {
  const size = media.sizeBytes ?? 0;
  if ((await job.storage.head(media.s3Key))?.size === size) return;
  job.progress('assemble', 0, 'putting the parts together');
  const { keys, offset } = await findParts(job.storage, media.id);
  if (offset !== size) fail('MEDIA_BYTES_GONE');
  const content = meter(job, 'assemble', size).pass(readParts(job.storage, keys));
  await job.storage.putStream(media.s3Key, content, { size, signal: job.signal });
}

/** Reads the file, wherever it is stored, into a local one. @returns its SHA-256 in hexadecimal. */
async function fetch(job: ProbeJob, media: StoredMedia, path: string): Promise<string> {
  job.progress('read', 0, 'reading the file');
  const { pass, digest } = meter(job, 'read', media.sizeBytes ?? 0);
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pipeline(await job.storage.getStream(media.s3Key), pass, file, { signal: job.signal });
  return digest();
}

/** Pictures in what is called a video, and sound in what is called audio; a video may be silent. */
function checkStreams({ mediaType }: StoredMedia, { facts }: ProbeResult): void {
  const has = (wanted: string) => facts.streams.some(({ kind }) => kind === wanted);
  if (mediaType === 'video' && !has('video'))
    fail('MEDIA_SILENT', { stream: 'pictures', mediaType: 'a video' });
  if (mediaType === 'audio' && !has('audio')) fail('MEDIA_SILENT', { stream: 'sound', mediaType: 'audio' });
}

async function lookAt(job: ProbeJob, media: StoredMedia): Promise<ProbeResult & { sha256: string }> {
  const contentType = media.mimetype ?? '';
  const { demuxer, sniffed } = findFormat(contentType);
  if (demuxer === null) {
    const bytes = await job.storage.getBuffer(media.s3Key, mostSubtitleBytes);
    const { cues, durationSeconds } = readSubtitles(bytes, contentType);
    const facts = { format: sniffed[0] ?? '', bitRate: null, streams: [], cues };
    return { sha256: createHash('sha256').update(bytes).digest('hex'), durationSeconds, facts };
  }
  await using folder = await openFolder(job.settings.DATA_DIR);
  const path = join(folder.path, 'media');
  const sha256 = await fetch(job, media, path);
  job.progress('probe', 0, 'looking at the file');
  const { signal, settings } = job;
  const probed = await probeFile({
    path,
    contentType,
    demuxer,
    signal,
    seconds: settings.MEDIA_PROBE_SECONDS,
  });
  checkStreams(media, probed);
  return { sha256, ...probed };
}

/**
 * Looks at a file that was uploaded: hash, duration and streams. It makes the file ready, or says why it cannot be
 * used, and then nothing of it is kept. Of a file that failed because the worker could not look at it, it may be retried.
 */
export const probeMedia = defineJob({
  type: probeJobType,
  params: probeParams,
  stages: { assemble: 40, read: 40, probe: 20 },
  async run(job, { mediaId }) {
    const place = { projectId: job.projectId, mediaId };
    const media = (await readMedia(job.reads, place)) ?? fail('NOT_FOUND', { thing: 'media file' });
    try {
      if (media.status !== 'ready') {
        await assemble(job, media);
        const found = await lookAt(job, media);
        await job.transact((em) => finishProbe(em, { ...place, jobId: job.jobId }, found));
      }
    } catch (error) {
      job.signal.throwIfAborted();
      if (isOutage(error)) throw error;
      const fault =
        error instanceof TesseraError
          ? error
          : new TesseraError('INTERNAL', { requestId: job.jobId }, { cause: error });
      await job.transact((em) => refuseMedia(em, place, fault));
      await removeRefused(job.orm, job.storage, place);
      throw error;
    }
    await removeUpload(job.storage, mediaId);
  },
});
