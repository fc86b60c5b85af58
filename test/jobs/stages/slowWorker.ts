/**
 * A worker in a process of its own, to be killed: `node slowWorker.ts <connection as JSON> <settings as JSON>`. Each
 * job stands still where its params say, and the worker says so.
 */
import { join } from 'node:path';
import pino from 'pino';
import { openBus } from '../../../src/bus/openBus.ts';
import { type Connection, openDatabase } from '../../../src/database/openDatabase.ts';
import { openFileStorage } from '../../../src/drivers/storage/openFileStorage.ts';
import { announceTo } from '../../../src/events/record.ts';
import { startWorker } from '../../../src/jobs/startWorker.ts';
import type { Settings } from '../../../src/settings.ts';
import { makeStagedJob } from './stagedJob.ts';

const [connection, settings] = process.argv.slice(2).map((text) => JSON.parse(text) as unknown) as [
  Connection,
  Settings,
];
const log = pino({ level: 'silent' });
const { orm, reads } = await openDatabase(connection, { poolSize: 4, onPoolError: () => {} });
const bus = await openBus({ connection, log });
announceTo(orm, (stream, seq) => bus.publishHint(stream, seq));
const storage = await openFileStorage(join(settings.DATA_DIR, 'blobs'));
const handler = makeStagedJob(async (_, step, stop) => {
  if (step !== stop) return;
  console.log(stop);
  await new Promise(() => {});
});
const handlers = new Map([[handler.type, handler]]);
await startWorker({ connection, orm, reads, bus, storage, settings, log, handlers });
