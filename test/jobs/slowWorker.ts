/**
 * A worker in a process of its own, to be killed: `node slowWorker.ts <connection as JSON> <settings as JSON>
 * <texts>`. It stops in the middle of a sync, once it has stored so many texts, and says so.
 */
import { join } from 'node:path';
import pino from 'pino';
import { openBus } from '../../src/bus/openBus.ts';
import { type Connection, openDatabase } from '../../src/database/openDatabase.ts';
import { openFileStorage } from '../../src/drivers/storage/openFileStorage.ts';
import type { Storage } from '../../src/drivers/storage/Storage.ts';
import { announceTo } from '../../src/events/record.ts';
import { startWorker } from '../../src/jobs/startWorker.ts';
import type { Settings } from '../../src/settings.ts';

const [connection, settings, texts] = process.argv.slice(2).map((text) => JSON.parse(text) as unknown) as [
  Connection,
  Settings,
  number,
];
const log = pino({ level: 'silent' });
const { orm, reads } = await openDatabase(connection, { poolSize: 4, onPoolError: () => {} });
const bus = await openBus({ connection, log });
announceTo(orm, (stream, seq) => bus.publishHint(stream, seq));
const storage = await openFileStorage(join(settings.DATA_DIR, 'blobs'));

let stored = 0;
const slow: Storage = {
  ...storage,
  async openBlobBatch() {
    const batch = await storage.openBlobBatch();
    return {
      async put(sha256, bytes) {
        await batch.put(sha256, bytes);
        stored += 1;
        if (stored < texts) return;
        console.log('in the middle');
        await new Promise(() => {});
      },
      commit: () => batch.commit(),
      [Symbol.asyncDispose]: () => batch[Symbol.asyncDispose](),
    };
  },
};
await startWorker({ connection, orm, reads, bus, storage: slow, settings, log });
