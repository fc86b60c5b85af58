import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

/** How many files are looked after in one transaction. */
const batchSize = 50;

export interface DueMedia {
  id: string;
  projectId: string;
  s3Key: string;
}

const columns = 'm.id, m.project_id as "projectId", m.s3_key as "s3Key"';
const end = `limit ${batchSize} for update of m skip locked`;

/** Uploads that were not completed in time. */
const abandoned = `
select ${columns} from media_files m
where m.status = 'uploading' and m.upload_expires_at < now() and m.deleted_at is null order by m.upload_expires_at ${end}`;

/**
 * By then every URL has expired, and what was on its way with one is stored. Of a file that is not settled, the parts
 * may be all there is.
 */
const leftOver = `
select ${columns} from media_files m
where m.upload_expires_at < now() - interval '1 hour' and (m.status = 'ready' or m.bytes_removed_at is not null)
order by m.upload_expires_at ${end}`;

/** What failed, or was deleted before it was complete: it can not be used or taken back. */
const lost = `
select ${columns} from media_files m
where m.bytes_removed_at is null
  and (m.status = 'failed' and m.error_code = any($1::text[]) or m.status = 'uploading' and m.deleted_at is not null)
order by m.id ${end}`;

const busy = `exists (select from media_jobs w join jobs j on j.id = w.id
  where m.id in (w.input_media_id, w.output_media_id) and j.status in ('pending', 'queued', 'running'))`;
const origin =
  'exists (select from media_files c where c.derived_from = m.id and c.bytes_removed_at is null)';

/** Kept for longer than their kind is; not while a job or something made from them needs them. */
const old = `
select ${columns} from media_files m
where m.deleted_at is null and m.status <> 'uploading' and not ${busy}
  and not exists (select from media_files c where c.derived_from = m.id and c.deleted_at is null)
  and m.created_at < now() - make_interval(days => case
    when m.status = 'failed' then $3::int when m.derived_from is null then $1::int else $2::int end)
order by m.created_at ${end}`;

/** Deleted, with their project or by themselves, for longer than they can be restored. */
const purgeable = `
select ${columns} from media_files m join projects p on p.id = m.project_id
where m.bytes_removed_at is null and least(m.deleted_at, p.deleted_at) < now() - make_interval(days => $1)
  and not ${busy} and not ${origin}
order by m.id ${end}`;

const find =
  (sql: string) =>
  (em: EntityManager, values: readonly unknown[] = []) =>
    executePrepared<DueMedia>(em, sql, values);

/** Each finds a batch, and holds it until the end of the transaction; what others hold is left for the next time. */
export const findAbandoned = find(abandoned);
export const findLeftOver = find(leftOver);
/** @param values the codes of lasting faults */
export const findLost = find(lost);
/** @param values days that originals, derived and failed files are kept; null: for ever */
export const findOld = find(old);
/** @param values days in which what was deleted can be restored */
export const findPurgeable = find(purgeable);
