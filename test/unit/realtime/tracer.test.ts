import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Tracer } from '../../../src/realtime/Tracer.ts';
import type { LogEvent } from '../../../src/events/watch.ts';

const stream = 'project:1';
const event = (seq: number) => ({ stream, seq, createdAt: new Date(Date.now() - 5) }) as unknown as LogEvent;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setImmediate'], now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());
const endTurn = () => vi.advanceTimersToNextTimer();

test('an event is remembered with its hint, its reading, and its deliveries turn by turn', () => {
  const lags: number[] = [];
  const tracer = new Tracer((seconds) => lags.push(seconds));
  tracer.hinted(stream, 3);
  vi.setSystemTime(1_000_002);
  const trace = tracer.read(event(3));
  for (let n = 0; n < 99; n += 1) tracer.sent(trace);
  vi.setSystemTime(1_000_007);
  endTurn();
  tracer.sent(trace);
  vi.setSystemTime(1_001_002);
  endTurn();
  expect(tracer.tell(stream, 3)).toEqual({
    hintedAt: new Date(1_000_000),
    readAt: new Date(1_000_002),
    sent: 100,
    firstSentAt: new Date(1_000_007),
    lastSentAt: new Date(1_001_002),
    lagMs: { p50: 10, p95: 10, p99: 10, max: 1005 },
  });
  expect(lags).toEqual([0.01]);
});

test('a hint stands for all events up to it, and not for one that the sweep found before it', () => {
  const tracer = new Tracer();
  tracer.read(event(1));
  tracer.hinted(stream, 1);
  tracer.hinted(stream, 3);
  tracer.hinted(stream, 2);
  for (const seq of [2, 3, 4]) tracer.read(event(seq));
  const hinted = [1, 2, 3, 4].map((seq) => tracer.tell(stream, seq).hintedAt !== null);
  expect(hinted).toEqual([false, true, true, false]);
});

test('of what nobody watched, or long ago, nothing is known; memory stays bounded', () => {
  const tracer = new Tracer();
  const unknown = { hintedAt: null, readAt: null, sent: 0, firstSentAt: null, lastSentAt: null, lagMs: null };
  expect(tracer.tell(stream, 1)).toEqual(unknown);
  for (let seq = 1; seq <= 5_001; seq += 1) tracer.read(event(seq));
  expect(tracer.tell(stream, 1)).toEqual(unknown);
  expect(tracer.tell(stream, 2).readAt).not.toBeNull();
});

test('however many turns an event is sent in, all deliveries count', () => {
  const tracer = new Tracer();
  const trace = tracer.read(event(1));
  for (let turn = 1; turn <= 100; turn += 1) {
    tracer.sent(trace);
    vi.setSystemTime(1_000_000 + turn);
    endTurn();
  }
  expect(trace.turns.length).toBeLessThanOrEqual(32);
  expect(tracer.tell(stream, 1)).toMatchObject({
    sent: 100,
    lastSentAt: new Date(1_000_100),
    lagMs: { max: 105 },
  });
});
