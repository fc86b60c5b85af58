import type { DigestTools } from '../domain/notifications/sendDigest.ts';
import { sendDueDigests } from '../domain/notifications/sendDueDigests.ts';
import type { Recurring } from './recurring.ts';

/** Of each minute, the milliseconds in which mails are begun; what is due after that waits for the next. */
const spanMs = 40_000;

/** Its name, and when it comes. */
export const digestTimes = { name: 'notifications.digest', schedule: '* * * * *' } as const;

/** Every minute mails those who are due what they have not read. */
export function sendDigests(tools: DigestTools): Recurring {
  return {
    ...digestTimes,
    async run() {
      const counts = await sendDueDigests(tools, { now: new Date(), until: Date.now() + spanMs });
      if (counts.failed + counts.unknown > 0)
        tools.log.warn(counts, 'digest mails could not be sent; those that failed are tried again');
    },
  };
}
