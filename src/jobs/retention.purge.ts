import { cancelUnreachable } from '../domain/jobs/cancelUnreachable.ts';
import { removePurgeable } from '../domain/media/keepHouse.ts';
import { removeMirrors } from '../domain/repositories/removeMirrors.ts';
import { dropUnusedWords } from '../domain/retention/dropUnusedWords.ts';
import { forgetInEvents } from '../domain/retention/forgetInEvents.ts';
import { purgeDeleted } from '../domain/retention/purgeDeleted.ts';
import type { Recurring } from './recurring.ts';

const hourMs = 3_600_000;
/** Parts that the words of names are looked through in, one an hour: each of them once a week. */
const parts = 168;

/**
 * Every hour takes deleted people out of the events, removes what was deleted longer ago than RETENTION_DAYS (first the
 * waiting jobs of projects are cancelled, and bytes of media files removed), and then what purged rows leave behind:
 * words of names, and mirrors on this node.
 */
export const purgeDeletedRows: Recurring = {
  name: 'retention.purge',
  schedule: '17 * * * *',
  async run({ orm, storage, settings }) {
    await forgetInEvents(orm);
    await cancelUnreachable(orm, settings.RETENTION_DAYS);
    await removePurgeable(orm, storage, settings.RETENTION_DAYS);
    await purgeDeleted(orm, settings.RETENTION_DAYS);
    await dropUnusedWords(orm, { part: Math.floor(Date.now() / hourMs) % parts, parts });
    await removeMirrors(orm, settings.DATA_DIR);
  },
};
