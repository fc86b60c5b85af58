import { type Area, type Place, watchEverything } from './place.ts';

const subtitles = '1\n00:00:01,000 --> 00:00:02,000\nHallo\n';

/** Announces subtitles and sends them. */
async function send({ api, projectId }: Place, text: string): Promise<string> {
  const bytes = Buffer.from(text);
  const contentType = 'application/x-subrip';
  const { media, upload } = await api.media.createUpload.mutate({
    projectId,
    name: 'Subtitles',
    contentType,
    size: bytes.length,
  });
  const { url, method, headers } = upload.put!;
  await fetch(url, { method, headers, body: bytes });
  return media.id;
}

export const media: Area = {
  name: 'media files',
  lists: ['media'],
  steps: [
    {
      causes: ['media.created'],
      async act(place) {
        place.ids['media'] = await send(place, subtitles);
      },
    },
    {
      causes: ['media.uploaded', 'media.ready'],
      async act(place) {
        const { api, projectId, ids } = place;
        const watching = watchEverything(place);
        await watching.until(({ type }) => type === 'snapshot');
        await api.media.completeUpload.mutate({ projectId, mediaId: ids['media']! });
        await watching.until(({ type }) => type === 'job.completed');
        watching.stop();
      },
    },
    {
      causes: ['media.updated'],
      act: ({ api, projectId, ids }) =>
        api.media.update.mutate({ projectId, mediaId: ids['media']!, name: 'German subtitles' }),
    },
    {
      causes: ['media.failed'],
      async act(place) {
        const { api, projectId } = place;
        const mediaId = await send(place, 'no subtitles');
        await api.media.completeUpload.mutate({ projectId, mediaId }).catch(() => {});
      },
    },
    {
      causes: ['media.deleted'],
      act: ({ api, projectId, ids }) => api.media.delete.mutate({ projectId, mediaId: ids['media']! }),
    },
    {
      causes: ['media.restored'],
      act: ({ api, projectId, ids }) => api.media.restore.mutate({ projectId, mediaId: ids['media']! }),
    },
  ],
};
