import type { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as ws from 'ws';
import { Frames, frameText } from '../../src/realtime/Frames.ts';
import { TokenBucket } from '../../src/realtime/TokenBucket.ts';

/** The library exports it without saying so in its types. */
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable };

/** What a WebSocket implementation reads out of the bytes. */
async function receive(bytes: Buffer): Promise<string> {
  const receiver = new Receiver({ isServer: false });
  return new Promise((resolve, reject) => {
    receiver.on('message', (data: Buffer, isBinary: boolean) =>
      isBinary ? reject(new Error('binary')) : resolve(data.toString()),
    );
    receiver.on('error', reject);
    receiver.write(bytes);
  });
}

test('a frame is read back as the text that it was made of, at every length', async () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]) {
    const text = 'x'.repeat(length);
    expect(await receive(frameText(text))).toBe(text);
  }
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
      expect(await receive(frameText(text))).toBe(text);
    }),
  );
});

test('watchers with the same request id share one frame, and the value is serialised once for all', async () => {
  let serialised = 0;
  const frames = new Frames((value) => {
    serialised += 1;
    return JSON.stringify(value);
  });
  const value = { type: 'x' };
  const first = frames.shared(1, value, '1.1');
  expect(frames.shared(1, value, '1.1')).toBe(first);
  const second = frames.shared(2, value, '1.1');
  await new Promise((resolve) => setImmediate(resolve));
  const later = frames.shared(1, value, '1.1');
  expect(later).toEqual(first);
  expect(serialised).toBe(1);
  expect(await receive(second)).toBe(
    '{"id":2,"result":{"type":"data","data":{"id":"1.1","data":{"type":"x"}},"id":"1.1"}}',
  );
});

test('an answer for which JSON has nothing is an answer without data', async () => {
  const frames = new Frames((value) => JSON.stringify(value));
  expect(await receive(frames.data(1, undefined))).toBe('{"id":1,"result":{"type":"data"}}');
});

test('a bucket lets a burst through and then its rate, whatever the rhythm', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 300 }), (pauses) => {
      const bucket = new TokenBucket({ burst: 10, rate: 20 }, 0);
      let now = 0;
      let taken = 0;
      for (const pause of pauses) {
        now += pause;
        const seconds = bucket.take(now);
        if (seconds === 0) taken += 1;
        expect(seconds).toBeLessThanOrEqual(1 / 20);
        expect(taken).toBeLessThanOrEqual(10 + (now / 1000) * 20 + 1e-6);
      }
    }),
  );
});
