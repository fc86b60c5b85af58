import { Logger as QueueLogger } from 'graphile-worker';
import type { Logger } from 'pino';

/** graphile-worker's messages in our log; what it says of each job is there for debugging only. */
export function makeQueueLogger(log: Logger): QueueLogger {
  return new QueueLogger(() => (level, message, meta) => {
    const error = meta?.['error'];
    const fields = error instanceof Error ? { err: error } : {};
    if (level === 'error') log.error(fields, message);
    else if (level === 'warning') log.warn(fields, message);
    else log.debug(message);
  });
}
