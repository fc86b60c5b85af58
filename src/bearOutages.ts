import type { Logger } from 'pino';
import { isOutage } from './database/isOutage.ts';

/** System calls that fail when a server is away; those on files and on pipes of other programs are none of these. */
const toServers: ReadonlySet<unknown> = new Set(['connect', 'read', 'getaddrinfo']);

const isOfServer = (reason: unknown) =>
  !(reason instanceof Error && 'syscall' in reason) || toServers.has(reason.syscall);

/**
 * Keeps the process going when the database was out of reach for something that nobody waits for: graphile-worker 0.18 does
 * not wait until the end of a recurring job is written. It comes again at its next time. Whatever else is rejected
 * without anybody having expected it ends the process, as it does by default.
 */
export function bearOutages(log: Pick<Logger, 'error'>): void {
  process.on('unhandledRejection', (reason) => {
    if (!isOutage(reason) || !isOfServer(reason)) throw reason;
    log.error({ err: reason }, 'the database could not be reached for something that nobody waits for');
  });
}
