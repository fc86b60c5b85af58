/**
 * `npm run bench:jobs [-- --only=credits]`: what jobs and their payment cost, each part beside its peer in the same
 * run. The last line is JSON. A part is a function in support/ that takes the opened database.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installPolicy } from '../src/authz/installPolicy.ts';
import { addEventPartitions } from '../src/database/addEventPartitions.ts';
import { startEmbedded } from '../src/database/embedded/startEmbedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { type Database, openDatabase } from '../src/database/openDatabase.ts';
import { migrateWorker } from '../src/jobs/migrateWorker.ts';
import { type Place, measureEngine } from './support/runJobs.ts';
import { measureSpending } from './support/spendCredits.ts';
import { measureTransfers } from './support/transferFiles.ts';

const parts: Record<string, (database: Database, place: Place) => Promise<Record<string, number>>> = {
  engine: (_, place) => measureEngine(place),
  credits: ({ orm }) => measureSpending(orm),
  storage: () => measureTransfers(),
};

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = Object.keys(parts).filter((name) => values.only === undefined || values.only === name);
if (wanted.length === 0) throw new Error(`--only is one of: ${Object.keys(parts).join(', ')}`);

const dataDir = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
const embedded = await startEmbedded({ dataDir, durable: true });
try {
  await using database = await openDatabase(embedded.connection, { poolSize: 40, onPoolError: () => {} });
  await migrate(database.orm, database.reads);
  await migrateWorker(embedded.connection);
  await addEventPartitions(database.reads);
  await installPolicy(database.orm);
  const figures: Record<string, number> = {};
  for (const name of wanted) {
    const measured = await parts[name]?.(database, { connection: embedded.connection, database, dataDir });
    console.log(`${name}: ${JSON.stringify(measured)}`);
    Object.assign(figures, measured);
  }
  console.log(JSON.stringify(figures));
} finally {
  await embedded.stop();
  await rm(dataDir, { recursive: true, force: true });
}
