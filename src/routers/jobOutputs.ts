import type { JobView } from '../views/jobs.ts';
import { listOutputs } from '../views/sql/media/listOutputs.ts';
import type { Call } from './Call.ts';
import { type DownloadUrl, signDownload } from './mediaUrls.ts';

/** A file that a job made, or made ready, and where its bytes are read. */
export interface JobOutput extends DownloadUrl {
  mediaId: string;
  name: string;
  contentType: string | null;
}

/** The outputs of a completed job, for who may download them. */
export async function signOutputs(ctx: Call, job: Pick<JobView, 'id' | 'status'>): Promise<JobOutput[]> {
  if (job.status !== 'completed' || !ctx.access.can('media.download')) return [];
  const outputs = await listOutputs(ctx.reads, job.id);
  return Promise.all(
    outputs.map(async (output) => {
      const { url, expiresAt } = await signDownload(ctx.storage, output, 'attachment');
      return { mediaId: output.id, name: output.name, contentType: output.mimetype, url, expiresAt };
    }),
  );
}
