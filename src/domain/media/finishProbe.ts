import type { EntityManager } from '@mikro-orm/postgresql';
import type { ProbeResult } from '../../drivers/media/probeFile.ts';
import { MediaJob } from '../../entities/media/MediaJob.ts';
import { emit } from '../../events/emit.ts';
import { viewMedia } from '../../views/media.ts';
import { type MediaPlace, findMedia } from './findMedia.ts';

/** Says what was found in a file: it is ready, and the output of the job that looked at it. @throws NOT_FOUND */
export async function finishProbe(
  em: EntityManager,
  { jobId, ...place }: MediaPlace & { jobId: string },
  { sha256, durationSeconds, facts }: ProbeResult & { sha256: string },
): Promise<void> {
  const media = await findMedia(em, place);
  media.accept({ sha256, durationSeconds, metadata: { ...facts } });
  const job = await em.findOneOrFail(MediaJob, { id: jobId });
  job.outputMediaId = media.id;
  emit(em, `project:${place.projectId}`, 'media.ready', () => viewMedia(media));
}
