import type pg from 'pg';

export interface MediaOutput {
  id: string;
  name: string;
  s3Key: string;
  mimetype: string | null;
}

const text = `
select m.id, m.name, m.s3_key as "s3Key", m.mimetype from media_jobs w join media_files m on m.id = w.output_media_id
where w.id = $1 and m.status = 'ready' and m.deleted_at is null`;

/** Media files that a job made, or made ready. */
export async function listOutputs(reads: pg.Pool, jobId: string): Promise<MediaOutput[]> {
  return (await reads.query<MediaOutput>({ name: 'list job outputs', text, values: [jobId] })).rows;
}
