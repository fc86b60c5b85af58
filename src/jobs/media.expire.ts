import { deleteOld, endUploads } from '../domain/media/keepHouse.ts';
import type { Recurring } from './recurring.ts';

/** Every ten minutes ends abandoned uploads, and deletes files that were kept for as long as the settings say. */
export const expireMedia: Recurring = {
  name: 'media.expire',
  schedule: '*/10 * * * *',
  async run({ orm, storage, settings }) {
    await endUploads(orm, storage);
    await deleteOld(orm, settings);
  },
};
