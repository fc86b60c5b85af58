import { randomUUID } from 'node:crypto';

/**
 * A random id in one piece: Node.js makes it of twenty strings, which all stay in memory as long as it does,
 * and a subscription keeps its request's id.
 */
export const makeRequestId = (): string => Buffer.from(randomUUID(), 'latin1').toString('latin1');
