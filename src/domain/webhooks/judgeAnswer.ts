import type { Answer } from '../../drivers/outbound/Outbound.ts';
import type { DeliveryFailure } from '../../views/webhooks.ts';
import { pingType } from './eventTypes.ts';
import { backoff, mostAttempts, readRetryAfter } from './planRetry.ts';

/** What becomes of a delivery after an attempt. */
export interface Verdict {
  isDelivered: boolean;
  /** Why there will be no further attempt; null: it is delivered, or there will be one. */
  failure: DeliveryFailure | null;
  /** Milliseconds until the next attempt; null: there is none. */
  retryMs: number | null;
  /** Milliseconds in which nothing at all is sent there; null: nobody asked for that. */
  holdMs: number | null;
}

interface Tried {
  eventType: string;
  /** With the one that is judged. */
  attempts: number;
  /** Those that count no more. */
  attemptsBefore: number;
}

/** Statuses with which a receiver says that it is busy, and may say for how long. */
const busy = new Set([429, 503]);

/**
 * Judges the answer to an attempt: any 2xx is a success; 410 says that nobody wants to hear more; all else is tried again until
 * the attempts are spent. A ping is tried once: somebody is looking on.
 */
export function judgeAnswer(tried: Tried, answer: Answer, at: { now: number; random: number }): Verdict {
  const verdict: Verdict = { isDelivered: false, failure: null, retryMs: null, holdMs: null };
  const status = 'status' in answer ? answer.status : 0;
  if (status >= 200 && status < 300) return { ...verdict, isDelivered: true };
  if (status === 410) return { ...verdict, failure: 'gone' };
  const asked =
    'status' in answer && busy.has(status) ? readRetryAfter(answer.retryAfter, at.now) : undefined;
  const holdMs = asked ?? null;
  const failed = tried.attempts - tried.attemptsBefore;
  if (tried.eventType === pingType || failed >= mostAttempts)
    return { ...verdict, failure: 'exhausted', holdMs };
  return { ...verdict, retryMs: Math.max(backoff(failed, at.random), asked ?? 0), holdMs };
}

/** What is kept of an attempt that was not a success, in words. */
export function describeAnswer(answer: Answer): string | null {
  if ('error' in answer) return answer.error;
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `it answered ${status}, and redirects are not followed`;
  return `it answered ${status}`;
}
