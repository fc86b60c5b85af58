import type { Logger } from 'pino';
import { isOutage } from './database/isOutage.ts';

/**
 * Keeps the process going when the database was out of reach for something that nobody waits for: graphile-worker 0.18 does
 * not wait until the end of a recurring job is written. It comes again at its next time. Whatever else is rejected
 * without anybody having expected it ends the process, as it does by default.
 */
export function bearOutages(log: Pick<Logger, 'error'>): void {
  process.on('unhandledRejection', (reason) => {
    if (!isOutage(reason)) throw reason;
    log.error({ err: reason }, 'the database could not be reached for something that nobody waits for');
  });
}
