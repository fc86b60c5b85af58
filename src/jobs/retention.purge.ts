import { purgeDeleted } from '../domain/retention/purgeDeleted.ts';
import type { Recurring } from './recurring.ts';

/** Every hour removes what was deleted longer ago than RETENTION_DAYS. */
export const purgeDeletedRows: Recurring = {
  name: 'retention.purge',
  schedule: '17 * * * *',
  async run({ orm, settings }) {
    await purgeDeleted(orm, settings.RETENTION_DAYS);
  },
};
