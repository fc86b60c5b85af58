import type { MikroORM } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { systemCause, transact } from '../../database/transaction.ts';
import type { Storage } from '../../drivers/storage/Storage.ts';
import type { ErrorCode } from '../../errors.ts';
import { removeBytes } from './removeBytes.ts';
import { markRemoved } from './sql/markRemoved.ts';

/** What is wrong with the bytes themselves. After any other failure they may be good, and are looked at again by `jobs.retry`. */
export const lastingFaults: readonly ErrorCode[] = [
  'MEDIA_TYPE_MISMATCH',
  'MEDIA_HOSTILE',
  'MEDIA_UNREADABLE',
  'MEDIA_TRUNCATED',
  'MEDIA_SILENT',
  'MEDIA_PROBE_LIMIT',
  'MEDIA_UPLOAD_EXPIRED',
];

const find = `
select id, s3_key as "s3Key" from media_files
where id = $1 and status = 'failed' and bytes_removed_at is null and error_code = any($2::text[]) for update`;

/** Removes the bytes of a file that failed for good, and says so, which gives their room back; leaves any other alone. */
export async function removeRefused(
  orm: MikroORM,
  storage: Storage,
  { mediaId }: { mediaId: string },
): Promise<void> {
  await transact(orm, systemCause, async (em) => {
    const values = [mediaId, lastingFaults];
    const [media] = await executePrepared<{ id: string; s3Key: string }>(em, find, values);
    if (!media) return;
    await removeBytes(storage, media);
    await markRemoved(em, media.id);
  });
}
