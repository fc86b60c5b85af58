import type { EntityManager } from '@mikro-orm/postgresql';
import type { MediaFile } from '../../entities/media/MediaFile.ts';
import { MediaJob } from '../../entities/media/MediaJob.ts';
import { emit } from '../../events/emit.ts';
import { enqueueJob } from '../../jobs/enqueue.ts';
import { viewMedia } from '../../views/media.ts';
import { type MediaPlace, findMedia } from './findMedia.ts';
import { type ProbeParams, probeJobType } from './probeParams.ts';

/**
 * Says that the bytes of a file are there, and queues the job that looks at them. One that was completed before stays as it is.
 * @returns the file and its job; null for one that failed or expired meanwhile.
 */
export async function completeUpload(
  em: EntityManager,
  actor: { id: string },
  place: MediaPlace,
): Promise<{ media: MediaFile; jobId: string } | null> {
  const media = await findMedia(em, place);
  if (media.status === 'failed') return null;
  if (media.status !== 'uploading') {
    const job = await em.findOneOrFail(MediaJob, { inputMediaId: media.id }, { orderBy: { id: 'desc' } });
    return { media, jobId: job.id };
  }
  media.arrive(media.mimetype ?? '');
  const { projectId } = place;
  const params: ProbeParams = { mediaId: media.id };
  const job = await enqueueJob(em, { jobType: probeJobType, projectId, userId: actor.id, params });
  em.create(MediaJob, { id: job.id, projectId, inputMediaId: media.id });
  emit(em, `project:${projectId}`, 'media.uploaded', () => viewMedia(media));
  return { media, jobId: job.id };
}
