import pLimit from 'p-limit';

/**
 * Weighs policies one at a time in this process, and the next when the one before is done: each takes much of
 * a processor, and a batch of them would leave nothing to the other calls. Those that wait hold no connection.
 */
export const inTurn = pLimit(1);
