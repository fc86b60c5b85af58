import { dropEventPartitions } from '../database/dropEventPartitions.ts';
import { makeFollowers } from './followers/makeFollowers.ts';
import type { Recurring } from './recurring.ts';

/**
 * Every hour drops the days of the event log that are older than EVENT_RETENTION_DAYS. Whoever comes back with
 * an older cursor is told to start anew; what a follower has not acted on yet is kept until it has.
 */
export const expireEvents: Recurring = {
  name: 'events.expire',
  schedule: '29 * * * *',
  async run({ reads, settings, log }) {
    const readers = makeFollowers(() => {});
    const { dropped, kept } = await dropEventPartitions(reads, {
      days: settings.EVENT_RETENTION_DAYS,
      readers,
    });
    if (dropped.length > 0) log.info({ dropped }, 'old events were dropped');
    for (const one of kept) log.warn(one, 'events are kept beyond EVENT_RETENTION_DAYS');
  },
};
