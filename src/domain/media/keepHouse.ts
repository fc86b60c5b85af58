import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { type Cause, transact } from '../../database/transaction.ts';
import type { Storage } from '../../drivers/storage/Storage.ts';
import { TesseraError } from '../../errors.ts';
import type { Settings } from '../../settings.ts';
import { deleteMedia } from './deleteMedia.ts';
import { refuseMedia } from './refuseMedia.ts';
import { removeBytes, removeUpload } from './removeBytes.ts';
import { lastingFaults } from './removeRefused.ts';
import {
  type DueMedia,
  findAbandoned,
  findLeftOver,
  findLost,
  findOld,
  findPurgeable,
} from './sql/dueMedia.ts';
import { markPurged, markRemoved } from './sql/markRemoved.ts';

const cause: Cause = { actorId: null, via: 'worker' };

/** Looks after batch upon batch, each in a transaction of its own, until nothing is found: what goes may have been the last that needed another. */
async function forEach(
  orm: MikroORM,
  find: (em: EntityManager) => Promise<DueMedia[]>,
  work: (em: EntityManager, media: DueMedia) => Promise<unknown>,
): Promise<number> {
  for (let count = 0; ;) {
    const found = await transact(orm, cause, async (em) => {
      const batch = await find(em);
      for (const media of batch) await work(em, media);
      return batch.length;
    });
    count += found;
    if (found === 0) return count;
  }
}

/** Of nodes that died. */
const dropLeases = `delete from upload_leases where expires_at < now() - interval '1 hour'`;
const endUpload = 'update media_files set upload_expires_at = null where id = $1';

/**
 * Ends uploads that were not completed in time, and gives the room back of those, of files that failed, and of what
 * arrived by a URL after its file was complete.
 */
export async function endUploads(orm: MikroORM, storage: Storage): Promise<void> {
  const expired = new TesseraError('MEDIA_UPLOAD_EXPIRED');
  await forEach(orm, findAbandoned, (em, { id, projectId }) =>
    refuseMedia(em, { projectId, mediaId: id }, expired),
  );
  await forEach(
    orm,
    (em) => findLost(em, [lastingFaults]),
    async (em, media) => {
      await removeBytes(storage, media);
      await markRemoved(em, media.id);
    },
  );
  await forEach(orm, findLeftOver, async (em, { id }) => {
    await removeUpload(storage, id);
    await executePrepared(em, endUpload, [id]);
  });
  await transact(orm, cause, (em) => executePrepared(em, dropLeases, []));
}

/** Deletes, softly, what was kept for as long as its kind is. @returns how many files. */
export function deleteOld(
  orm: MikroORM,
  days: Pick<Settings, 'MEDIA_ORIGINAL_DAYS' | 'MEDIA_DERIVED_DAYS' | 'MEDIA_FAILED_DAYS'>,
): Promise<number> {
  const values = [days.MEDIA_ORIGINAL_DAYS ?? null, days.MEDIA_DERIVED_DAYS ?? null, days.MEDIA_FAILED_DAYS];
  return forEach(
    orm,
    (em) => findOld(em, values),
    (em, { id, projectId }) => deleteMedia(em, { projectId, mediaId: id }),
  );
}

/**
 * Removes the bytes of files that can be restored no more; their rows are purged after that. Broken off in between, it is
 * done again: a byte too much is never kept, and a row never goes before its bytes.
 * @param days in which what was deleted can be restored
 * @returns how many files.
 */
export function removePurgeable(orm: MikroORM, storage: Storage, days: number): Promise<number> {
  return forEach(
    orm,
    (em) => findPurgeable(em, [days]),
    async (em, media) => {
      await removeBytes(storage, media);
      await markPurged(em, media.id);
    },
  );
}
