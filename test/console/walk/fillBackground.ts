import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sendPut } from '../../media/mediaWorld.ts';
import { type Receiver, status } from '../../support/receiver.ts';
import { waitFor } from '../../support/waitFor.ts';
import type { FilmJobs } from '../support/filmJobs.ts';
import type { Place } from './Place.ts';
import type { Ids } from './world.ts';

/** A webhook whose receiver fails once and then answers. */
export async function fillWebhooks({ people: { ada }, projectId }: Place, receiver: Receiver): Promise<Ids> {
  const { webhook } = await ada.client.webhooks.create.mutate({
    projectId,
    url: receiver.url,
    events: ['issue.*', 'task.created'],
    description: 'The printer’s planning',
  });
  const sent = async (word: string) =>
    waitFor(async () => {
      const { items } = await ada.client.webhooks.deliveries.query({ projectId, webhookId: webhook.id });
      const last = items[0];
      if (last?.status !== word) throw new Error(`The delivery is ${last?.status}.`);
    });
  await ada.client.webhooks.ping.mutate({ projectId, webhookId: webhook.id });
  await sent('delivered');
  receiver.reply = status(500);
  await ada.client.webhooks.ping.mutate({ projectId, webhookId: webhook.id });
  await receiver.until(2);
  receiver.reply = status(200);
  return { webhookId: webhook.id };
}

/** One file that is whole, and one that is not. */
export async function fillMedia({ people: { ada }, projectId }: Place): Promise<Ids> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-walk-'));
  try {
    const path = join(folder, 'talk.wav');
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=2', path]);
    const bytes = await readFile(path);
    const upload = async (name: string, content: Buffer, until: string) => {
      const of = { projectId, name, contentType: 'audio/wav', size: content.length };
      const { media, upload: signed } = await ada.client.media.createUpload.mutate(of);
      await sendPut(signed, content);
      await ada.client.media.completeUpload.mutate({ projectId, mediaId: media.id });
      await waitFor(async () => {
        const { status: now } = await ada.client.media.get.query({ projectId, mediaId: media.id });
        if (now !== until) throw new Error(`The file is ${now}.`);
      });
      return media.id;
    };
    await upload('cut-off.wav', bytes.subarray(0, 60_000), 'failed');
    return { mediaId: await upload('Opening talk.wav', bytes, 'ready') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A job that failed in one of its parts, and one that runs. */
export async function followJobs({ people: { ada }, projectId }: Place, films: FilmJobs): Promise<Ids> {
  const jobId = await films.subtitle(projectId, 'The river');
  films.release();
  const running = await films.listen(projectId);
  const settled = (id: string, word: string) =>
    waitFor(async () => {
      const { status: now } = await ada.client.jobs.get.query({ projectId, jobId: id });
      if (now !== word) throw new Error(`The job is ${now}.`);
    });
  await settled(jobId, 'failed');
  await settled(running, 'running');
  return { jobId };
}
