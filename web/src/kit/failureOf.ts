import { isPassing } from '../api.ts';

/**
 * What to show instead of what a query has read: nothing, while the server is merely not reached and something was read
 * before; the header says so already.
 */
export const failureOf = <E>({ data, error }: { data?: unknown; error: E }): E | null =>
  error && (data === undefined || !isPassing(error)) ? error : null;
