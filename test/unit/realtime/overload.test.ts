import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { LoopLag } from '../../../src/LoopLag.ts';
import { Backlog, type Queue } from '../../../src/realtime/Backlog.ts';
import { Deadlines } from '../../../src/realtime/Deadlines.ts';
import { Renewable, askAfter, minuteMs } from '../../../src/realtime/Renewable.ts';
import { Users } from '../../../src/realtime/Users.ts';
import { waitFor } from '../../support/waitFor.ts';

afterEach(() => void vi.useRealTimers());

test('a pause of a moment is no overload; lag that lasts is, until it has halved', () => {
  const lag = new LoopLag(100);
  lag.observe(300);
  expect(lag.isHigh).toBe(false);
  lag.observe(300);
  expect(lag.isHigh).toBe(true);
  expect(lag.isExtreme).toBe(false);
  while (lag.ms > 51) lag.observe(50);
  expect(lag.isHigh).toBe(true);
  lag.observe(0);
  expect(lag.isHigh).toBe(false);
  for (let n = 0; n < 10; n += 1) lag.observe(1000);
  expect(lag.isExtreme).toBe(true);
});

test('an event loop that is held up is seen to lag', async () => {
  const lag = new LoopLag(100);
  lag.start();
  const until = performance.now() + 400;
  while (performance.now() < until);
  await waitFor(() => expect(lag.ms).toBeGreaterThan(50));
  lag.stop();
});

const silent = { onCut: () => {}, onWait: () => {} };

test('beyond the limit of all together each reader may have little, until they are below it', () => {
  const backlog = new Backlog(1_000_000, 500_000, silent);
  const readers = Array.from({ length: 3 }, (): Queue => ({ cutOff: () => {} }));
  for (const reader of readers) backlog.weigh(reader, 300_000);
  expect(backlog).toMatchObject({ bytes: 900_000, readers: 3, allowance: 500_000 });
  backlog.weigh(readers[0]!, 450_000);
  expect(backlog).toMatchObject({ bytes: 1_050_000, allowance: 65_536 });
  backlog.weigh(readers[1]!, 0);
  expect(backlog).toMatchObject({ bytes: 750_000, readers: 2, allowance: 500_000 });
});

test('while there is too much those are cut off who have been behind longest, a few a second', () => {
  vi.useFakeTimers();
  const cut: number[] = [];
  let counted = 0;
  const backlog = new Backlog(1_000_000, 500_000, { ...silent, onCut: () => (counted += 1) });
  const readers = Array.from({ length: 60 }, (_, number): Queue => ({
    cutOff() {
      cut.push(number);
      backlog.weigh(this, 0);
    },
  }));
  for (const reader of readers) backlog.weigh(reader, 17_000);
  backlog.weigh(readers[0]!, 0);
  backlog.weigh(readers[0]!, 17_000);
  expect(cut).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(cut).toEqual([1, 2]);
  vi.advanceTimersByTime(10_000);
  expect(cut).toEqual([1, 2]);
  expect(counted).toBe(2);
  expect(vi.getTimerCount()).toBe(0);
});

test('what waits is counted exactly, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(100_000))), (steps) => {
      const backlog = new Backlog(1_000_000_000, 500_000, silent);
      const readers = Array.from({ length: 6 }, (): Queue => ({ cutOff: () => {} }));
      const waiting = new Map<number, number>();
      for (const [reader, bytes] of steps) {
        backlog.weigh(readers[reader]!, bytes);
        waiting.set(reader, bytes);
      }
      const all = [...waiting.values()];
      expect(backlog.bytes).toBe(all.reduce((sum, bytes) => sum + bytes, 0));
      expect(backlog.readers).toBe(all.filter((bytes) => bytes > 0).length);
    }),
  );
});

test('a client is asked to come back before its credential runs out, and never at once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 1e11 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (left, chance) => {
        const after = askAfter(left, 60_000, chance)!;
        expect(left - after).toBeGreaterThanOrEqual(Math.min(60_000, left / 2) / 2 - 1);
        expect(left - after).toBeLessThanOrEqual(60_000);
        expect(after).toBeGreaterThanOrEqual(left / 2);
      },
    ),
  );
  expect(askAfter(999, 60_000)).toBeUndefined();
  expect(askAfter(-5, 60_000)).toBeUndefined();
});

test('a credential of many days is waited for, longer than a timer of Node can', () => {
  vi.useFakeTimers();
  let due = 0;
  class Guest extends Renewable {
    override onDue(): void {
      due += 1;
    }
    override awaitEnd(expiresAt: Date): void {
      super.awaitEnd(expiresAt);
    }
    override awaitNothing(): void {
      super.awaitNothing();
    }
  }
  const guest = new Guest({ minutes: new Deadlines(minuteMs), limits: { renewMs: 60_000 } });
  guest.awaitEnd(new Date(Date.now() + 90 * 86_400_000));
  vi.advanceTimersByTime(89.99 * 86_400_000);
  expect(due).toBe(0);
  vi.advanceTimersByTime(0.01 * 86_400_000);
  expect(due).toBe(1);
  guest.awaitEnd(new Date(Date.now() + 86_400_000));
  guest.awaitNothing();
  vi.runAllTimers();
  expect(due).toBe(1);
});

test('all connections of a person share one rate, also after they have left and come back', () => {
  const users = new Users({ perUser: 2, userBurst: 3, userRate: 1 });
  const [first, second] = [users.enter('ada'), users.enter('ada')];
  expect(second).toBe(first);
  expect(users.enter('ada')).toBeUndefined();
  for (let n = 0; n < 3; n += 1) expect(first?.take()).toBe(0);
  users.leave('ada');
  users.leave('ada');
  expect(users.enter('ada')?.take()).toBeGreaterThan(0);
  expect(users.enter('bob')?.take()).toBe(0);
});
