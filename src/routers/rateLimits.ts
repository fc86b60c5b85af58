/**
 * How often what can be guessed or abused may be tried. The counters lie in PostgreSQL, so that all nodes
 * count together; their keys are hashes, so that the table holds nobody's address.
 */
import { hash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { fail } from '../errors.ts';
import type { Services } from './context.ts';

type Limited = Pick<Services, 'reads' | 'settings'>;

const quarterHour = 15 * 60;
const hour = 60 * 60;

/** Points are attempts; a window begins with its first attempt. `attempts` is SIGN_IN_ATTEMPTS. */
const limits = {
  signInOfAccount: { points: (attempts: number) => attempts, duration: quarterHour },
  signInFromNetwork: { points: (attempts: number) => 10 * attempts, duration: quarterHour },
  passwordOfActor: { points: (attempts: number) => attempts, duration: quarterHour },
  registerFromNetwork: { points: (attempts: number) => 10 * attempts, duration: quarterHour },
  resetFromNetwork: { points: (attempts: number) => 10 * attempts, duration: quarterHour },
  // Mails to one mailbox: what its owner needs, too few to flood it.
  resetOfAccount: { points: () => 5, duration: hour },
  verificationOfActor: { points: () => 5, duration: hour },
  // Each is a notification to somebody who did not ask for it.
  offerOfActor: { points: () => 30, duration: hour },
};
export type LimitName = keyof typeof limits;

/** One attempt in so many also sweeps out counters whose window is over. */
const sweepEvery = 200;

function limiterOf({ reads, settings }: Limited, name: LimitName): RateLimiterPostgres {
  const { points, duration } = limits[name];
  return new RateLimiterPostgres({
    storeClient: reads,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    // Its own sweep is a timer that outlives the pool.
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points: points(settings.SIGN_IN_ATTEMPTS),
    duration,
  });
}

function sweep({ reads }: Limited): void {
  // Best effort: the next sweep takes what this one leaves.
  reads.query('delete from rate_limits where expire < $1', [Date.now()]).catch(() => {});
}

const keyOf = (subject: string): string => hash('sha256', subject, 'base64url');

/** Whatever the counters' database fails with: without counting there is no attempt. */
function failClosed(cause: unknown): never {
  return fail('UNAVAILABLE', { reason: 'attempts cannot be counted' }, { cause });
}

/**
 * Counts an attempt before it is made, so that a thousand at once are not all made before the first is
 * counted. One that turns out well is given back or forgotten.
 * @param subject an e-mail address, an actor's id, or what `networkOf` gives
 * @throws TOO_MANY_REQUESTS with the seconds to wait; UNAVAILABLE when it cannot be counted.
 */
export async function takeAttempt(from: Limited, name: LimitName, subject: string): Promise<void> {
  const limiter = limiterOf(from, name);
  if (Math.random() < 1 / sweepEvery) sweep(from);
  try {
    await limiter.consume(keyOf(subject));
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) return failClosed(refusal);
    fail('TOO_MANY_REQUESTS', { seconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) });
  }
}

/** Takes one attempt back: it was no failure. @throws UNAVAILABLE */
export async function giveBackAttempt(from: Limited, name: LimitName, subject: string): Promise<void> {
  await limiterOf(from, name).reward(keyOf(subject)).catch(failClosed);
}

/** Forgets all attempts. @throws UNAVAILABLE */
export async function forgetAttempts(from: Limited, name: LimitName, subject: string): Promise<void> {
  await limiterOf(from, name).delete(keyOf(subject)).catch(failClosed);
}
