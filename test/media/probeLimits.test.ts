import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { makeMediaWorld } from './mediaWorld.ts';

const box = (type: string, ...content: Uint8Array[]) => {
  const bytes = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(bytes.length + 8);
  head.write(type, 4);
  return Buffer.concat([head, bytes]);
};

/** Ten kilobytes whose index says that it unpacks to two gigabytes. */
function makePackedIndex(): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(0x7f_ff_ff_00);
  const packed = box('cmvd', size, deflateSync(Buffer.alloc(10_000_000)));
  return Buffer.concat([
    box('ftyp', Buffer.from('isom\0\0\u0002\0isomiso2mp41')),
    box('moov', box('cmov', box('dcom', Buffer.from('zlib')), packed)),
    box('mdat', Buffer.alloc(100)),
  ]);
}

/** Sound of nothing but frames of eight bytes: three million of them to read. */
function makeTinyFrames(): Buffer {
  const frame = Buffer.from('fff15040011ffc00', 'hex');
  return Buffer.alloc(3_000_000 * frame.length, frame);
}

describe('a file that is dear to look at', () => {
  test.each([
    // So long that on no machine the time is up first.
    ['memory', 'video/mp4', makePackedIndex, '300'],
    ['time', 'audio/aac', makeTinyFrames, '1'],
  ] as const)(
    'takes no more %s than it may, says so, and costs nothing',
    async (resource, contentType, make, seconds) => {
      const world = await makeMediaWorld({ MEDIA_PROBE_SECONDS: seconds, JOB_PRICES: 'media.probe=5' });
      await using server = world.server;
      const projectId = await world.makeProject();
      const file = await world.upload(projectId, make(), { contentType });
      expect(file).toMatchObject({
        status: 'failed',
        error: {
          code: 'MEDIA_PROBE_LIMIT',
          message: `Looking at the file took more ${resource} than it may; nothing was kept.`,
        },
      });
      expect(await world.keysOf(projectId, file.id)).toEqual([]);
      expect(await world.ada.client.media.usage.query({ projectId })).toMatchObject({ used: 0 });
      expect(await world.sql('select from credits_history union all select from credit_holds')).toEqual([]);
      expect(await readdir(join(server.dataDir, 'probes'))).toEqual([]);
    },
  );
});
