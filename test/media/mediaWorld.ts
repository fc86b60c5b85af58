/** What the tests of media share: a server with a worker, people, and tiny media that ffmpeg makes. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Outputs } from '../../client/src/index.ts';
import type { Person, TestServer } from '../support/server.ts';
import { startServer } from '../support/server.ts';
import { watchProject } from '../support/workWorld.ts';

export type Upload = Outputs['media']['createUpload'];
type Media = Outputs['media']['get'];

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const picture = ['-f', 'lavfi', '-i', 'testsrc=duration=1:size=64x48:rate=10'];
const sound = ['-f', 'lavfi', '-i', 'sine=duration=1'];
const recipes = {
  'video.mp4': [
    ...picture,
    ...sound,
    '-c:v',
    'mpeg4',
    '-c:a',
    'aac',
    '-metadata:s:a:0',
    'language=deu',
    '-movflags',
    '+faststart',
  ],
  'silent.mp4': [...picture, '-c:v', 'mpeg4'],
  'video.webm': [...picture, '-c:v', 'vp8'],
  'sound.wav': sound,
  'sound.mp3': sound,
};
export type SampleName = keyof typeof recipes;

/** Makes every sample with ffmpeg. */
async function makeSamples(): Promise<Record<SampleName, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-media-'));
  const make = async ([name, recipe]: [string, string[]]) => {
    const path = join(folder, name);
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-nostdin', ...recipe, '-shortest', path]);
    return [name, await readFile(path)] as const;
  };
  try {
    return Object.fromEntries(await Promise.all(Object.entries(recipes).map(make))) as never;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let made: ReturnType<typeof makeSamples> | undefined;

/** Copies of the samples, which ffmpeg makes once for all the tests of a process. */
async function provideSamples(): ReturnType<typeof makeSamples> {
  const samples = Object.entries(await (made ??= makeSamples()));
  return Object.fromEntries(samples.map(([name, bytes]) => [name, Buffer.from(bytes)])) as never;
}

export interface Sent {
  name?: string;
  contentType: string;
  derivedFrom?: string;
}

export interface MediaWorld {
  server: TestServer;
  ada: Person;
  samples: Record<SampleName, Buffer>;
  makeProject(): Promise<string>;
  /** Announces the bytes and sends them by the signed URL. */
  put(projectId: string, bytes: Uint8Array, sent: Sent): Promise<Upload>;
  /** Uploads, completes, and waits until the file was looked at. */
  upload(projectId: string, bytes: Uint8Array, sent: Sent): Promise<Media>;
  /** Waits until the file is ready or has failed, and its job is over. */
  settled(projectId: string, mediaId: string): Promise<Media>;
  /** Waits until the file that had failed is ready. */
  retried(projectId: string, mediaId: string): Promise<void>;
  /** Keys of everything that is stored for a file. */
  keysOf(projectId: string, mediaId: string): Promise<string[]>;
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** Sends bytes as the answer of `media.createUpload` says. */
export async function sendPut({ put }: Upload['upload'], bytes: Uint8Array): Promise<Response> {
  if (!put) throw new Error('no signed URL');
  return fetch(put.url, { method: put.method, headers: put.headers, body: bytes as never });
}

export async function makeMediaWorld(settings: Record<string, string> = {}): Promise<MediaWorld> {
  const [server, samples] = await Promise.all([startServer({ settings }), provideSamples()]);
  const ada = await server.person('Ada');
  const api = ada.client;
  const { storage, reads } = server.tessera.services;
  const sql: MediaWorld['sql'] = async (text, values = []) => (await reads.query(text, values)).rows as never;
  const put: MediaWorld['put'] = async (projectId, bytes, { name = 'Talk', ...sent }) => {
    const created = await api.media.createUpload.mutate({ projectId, name, size: bytes.length, ...sent });
    const answer = await sendPut(created.upload, bytes);
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return created;
  };
  const settled: MediaWorld['settled'] = async (projectId, mediaId) => {
    const frames = await watchProject(ada, projectId);
    try {
      const now = await api.media.get.query({ projectId, mediaId });
      if (now.status === 'uploading' || now.status === 'probing')
        await frames.until(
          ({ type, subject }) =>
            subject === `media:${mediaId}` && (type === 'media.ready' || type === 'media.failed'),
        );
      const jobs = await sql<{ id: string; over: boolean }>(
        `select j.id, j.status in ('completed', 'failed', 'cancelled') as over
        from media_jobs w join jobs j on j.id = w.id where w.input_media_id = $1`,
        [mediaId],
      );
      for (const { id, over } of jobs)
        if (!over)
          await frames.until(
            ({ type, subject }) => subject === `job:${id}` && /^job\.(?:completed|failed)$/.test(type),
          );
      return await api.media.get.query({ projectId, mediaId });
    } finally {
      frames.stop();
    }
  };
  return {
    server,
    ada,
    samples,
    put,
    settled,
    makeProject: async () => (await api.projects.create.mutate({ name: 'Media' })).id,
    async upload(projectId, bytes, sent) {
      const { media } = await put(projectId, bytes, sent);
      await api.media.completeUpload.mutate({ projectId, mediaId: media.id });
      return settled(projectId, media.id);
    },
    async retried(projectId, mediaId) {
      const frames = await watchProject(ada, projectId);
      const { status } = await api.media.get.query({ projectId, mediaId });
      if (status !== 'ready')
        await frames.until(({ type, subject }) => type === 'media.ready' && subject === `media:${mediaId}`);
      frames.stop();
    },
    async keysOf(projectId, mediaId) {
      const keys: string[] = [];
      for (const prefix of [`media/${projectId}/${mediaId}`, `uploads/${mediaId}/`])
        for await (const { key } of storage.list(prefix)) keys.push(key);
      return keys;
    },
    sql,
  };
}
