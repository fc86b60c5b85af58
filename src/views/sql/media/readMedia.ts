import type pg from 'pg';
import type { MediaRef, MediaRow } from '../../media.ts';
import { mediaColumns } from './mediaColumns.ts';

interface Of {
  projectId: string;
  mediaId: string;
}

/** A file as the server itself needs it. */
export interface StoredMedia extends MediaRow {
  s3Key: string;
  uploadExpiresAt: Date | null;
  /** The latest job that looked at it. */
  jobId: string | null;
}

const text = `
select ${mediaColumns}, m.s3_key as "s3Key", m.upload_expires_at as "uploadExpiresAt",
  (select w.id from media_jobs w where w.input_media_id = m.id order by w.id desc limit 1) as "jobId"
from media_files m where m.id = $1 and m.project_id = $2 and m.deleted_at is null`;

/** One media file; undefined when the project has none of this id. */
export async function readMedia(
  reads: pg.Pool,
  { projectId, mediaId }: Of,
): Promise<StoredMedia | undefined> {
  const values = [mediaId, projectId];
  return (await reads.query<StoredMedia>({ name: 'read media', text, values })).rows[0];
}

const reference = 'id, name, media_type as "mediaType", status';

/** Deleted ones are passed over, but not what lies beyond them. A file's origin is older than itself, so there is no circle. */
const originsText = `
with recursive origins as (
  select m.*, 1 as distance from media_files m
  where m.id = (select derived_from from media_files where id = $1) and m.project_id = $2
  union all
  select m.*, o.distance + 1 from origins o join media_files m on m.id = o.derived_from and m.project_id = $2
)
select ${reference} from origins where deleted_at is null order by distance limit 100`;

const derivativesText = `
select ${reference} from media_files
where derived_from = $1 and project_id = $2 and deleted_at is null order by created_at desc, id desc limit 100`;

/** What a file was made from, nearest first, and what was made from it, newest first. */
export async function readRelatives(
  reads: pg.Pool,
  { projectId, mediaId }: Of,
): Promise<{ origins: MediaRef[]; derivatives: MediaRef[] }> {
  const values = [mediaId, projectId];
  const [origins, derivatives] = await Promise.all([
    reads.query<MediaRef>({ name: 'read media origins', text: originsText, values }),
    reads.query<MediaRef>({ name: 'read media derivatives', text: derivativesText, values }),
  ]);
  return { origins: origins.rows, derivatives: derivatives.rows };
}
