/** Milliseconds before the second attempt; each wait is four times the one before, up to twelve hours. */
const firstMs = 5_000;
const factor = 4;
const longestMs = 12 * 3600_000;
/** Part of a wait that chance may add, so that what failed together does not come back together. */
const jitter = 0.25;
/** Attempts at one delivery; the last comes four to five days after the first. */
export const mostAttempts = 16;
/** A receiver may ask for this much patience, and no more. */
const mostPatienceMs = 24 * 3600_000;

/**
 * Milliseconds between an attempt that failed and the next.
 * @param failed attempts that failed so far, at least 1. @param random from 0 up to 1.
 */
export function backoff(failed: number, random: number): number {
  const wait = Math.min(longestMs, firstMs * factor ** (failed - 1));
  return Math.round(wait * (1 + jitter * random));
}

const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long a `Retry-After` asks to wait, in milliseconds (RFC 9110, 10.2.3): seconds, or a date; a day at most.
 * @returns undefined when it says nothing that could be understood.
 */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  const asked = /^\d{1,15}$/.test(text)
    ? Number(text) * 1000
    : httpDate.test(text)
      ? Date.parse(text) - now
      : Number.NaN;
  return Number.isNaN(asked) ? undefined : Math.min(mostPatienceMs, Math.max(0, asked));
}
