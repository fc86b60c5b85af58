import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPattern, wants, webhookTypes } from '../../../src/domain/webhooks/eventTypes.ts';
import { judgeAnswer } from '../../../src/domain/webhooks/judgeAnswer.ts';
import { backoff, mostAttempts, readRetryAfter } from '../../../src/domain/webhooks/planRetry.ts';
import type { Answer } from '../../../src/drivers/outbound/Outbound.ts';

const hour = 3600_000;
const now = Date.parse('2026-11-21T12:00:00Z');
const answered = (status: number, retryAfter: string | null = null): Answer => ({
  status,
  retryAfter,
  excerpt: '',
  durationMs: 1,
});
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failed = fc.integer({ min: 1, max: mostAttempts });

describe('the waits between attempts', () => {
  test('are five seconds at first, grow fourfold up to twelve hours, and differ by a quarter at most', () => {
    fc.assert(
      fc.property(failed, random, (count, chance) => {
        const least = Math.min(12 * hour, 5_000 * 4 ** (count - 1));
        const wait = backoff(count, chance);
        expect(wait).toBeGreaterThanOrEqual(least);
        expect(wait).toBeLessThanOrEqual(least * 1.25);
        // Below the longest wait, whatever chance says, the next one is longer.
        if (4 * least <= 12 * hour) expect(backoff(count + 1, 0)).toBeGreaterThan(backoff(count, 1));
      }),
    );
  });

  test('last for three to five days together', () => {
    fc.assert(
      fc.property(fc.array(random, { minLength: mostAttempts, maxLength: mostAttempts }), (chances) => {
        let total = 0;
        for (let count = 1; count < mostAttempts; count += 1) total += backoff(count, chances[count] ?? 0);
        expect(total).toBeGreaterThan(3 * 24 * hour);
        expect(total).toBeLessThan(5 * 24 * hour);
      }),
    );
  });

  test('heed what the receiver asks, and never less than the schedule nor more than a day', () => {
    fc.assert(
      fc.property(failed, random, fc.nat(10 ** 9), (count, chance, seconds) => {
        fc.pre(count < mostAttempts);
        const tried = { eventType: 'issue.created', attempts: count, attemptsBefore: 0 };
        const verdict = judgeAnswer(tried, answered(429, String(seconds)), { now, random: chance });
        expect(verdict.retryMs).toBe(Math.max(backoff(count, chance), Math.min(seconds * 1000, 24 * hour)));
      }),
    );
  });
});

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['999999999999999', 24 * hour],
  ['Sat, 21 Nov 2026 12:01:00 GMT', 60_000],
  ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ['Fri, 01 Jan 2999 00:00:00 GMT', 24 * hour],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['Sat, 99 Nov', undefined],
  ['1e9', undefined],
  ['', undefined],
  [null, undefined],
])('a Retry-After of %j asks to wait %s ms', (header, wait) => {
  expect(readRetryAfter(header, now)).toBe(wait);
});

describe('an answer', () => {
  const tried = { eventType: 'issue.created', attempts: 1, attemptsBefore: 0 };
  const at = { now, random: 0 };

  test.each([200, 201, 202, 204, 299])('of %i is a success', (status) => {
    expect(judgeAnswer(tried, answered(status), at)).toMatchObject({ isDelivered: true, retryMs: null });
  });

  test.each([100, 301, 307, 400, 401, 404, 418, 429, 500, 503])('of %i is tried again', (status) => {
    expect(judgeAnswer(tried, answered(status), at)).toMatchObject({ isDelivered: false, retryMs: 5_000 });
  });

  test('of 410 ends it', () => {
    expect(judgeAnswer(tried, answered(410), at)).toMatchObject({ failure: 'gone', retryMs: null });
  });

  test('that does not come is tried again', () => {
    expect(judgeAnswer(tried, { error: 'x', durationMs: 1 }, at)).toMatchObject({ retryMs: 5_000 });
  });

  test('asks for patience only where it says that it is busy', () => {
    expect(judgeAnswer(tried, answered(503, '60'), at)).toMatchObject({ retryMs: 60_000, holdMs: 60_000 });
    expect(judgeAnswer(tried, answered(500, '60'), at)).toMatchObject({ retryMs: 5_000, holdMs: null });
  });

  test('to the last attempt ends it; attempts before a replay do not count', () => {
    const last = { ...tried, attempts: mostAttempts };
    expect(judgeAnswer(last, answered(500), at)).toMatchObject({ failure: 'exhausted' });
    expect(judgeAnswer({ ...last, attemptsBefore: 1 }, answered(500), at).failure).toBeNull();
    expect(judgeAnswer({ ...tried, eventType: 'webhook.ping' }, answered(500), at).failure).toBe('exhausted');
  });
});

describe('a webhook', () => {
  test('wants what one of its patterns holds, and nothing of a noun that only begins alike', () => {
    expect(wants(['*'], 'issue.created')).toBe(true);
    expect(wants(['task.*', 'issue.closed'], 'issue.closed')).toBe(true);
    expect(wants(['issue.*'], 'issue.created')).toBe(true);
    expect(wants(['thread.*'], 'comment.added')).toBe(false);
    expect(wants(['field.*'], 'fieldset.created')).toBe(false);
  });

  test('may ask for every type that it can be told of, for their nouns, and for no other', () => {
    for (const type of webhookTypes) {
      expect(isPattern(type)).toBe(true);
      expect(isPattern(`${type.split('.')[0]}.*`)).toBe(true);
    }
    for (const text of [
      '',
      '.',
      '.*',
      '**',
      'issue',
      'issue.',
      'issues.*',
      'notification.added',
      'notification.*',
    ])
      expect(isPattern(text), text).toBe(false);
  });
});
