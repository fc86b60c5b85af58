import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPolicy } from '../../src/authz/installPolicy.ts';
import { addEventPartitions } from '../../src/database/addEventPartitions.ts';
import { startEmbedded } from '../../src/database/embedded/startEmbedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/openDatabase.ts';
import { type Fixture, makeFixture } from './fixture.ts';

export interface BenchDatabase extends AsyncDisposable {
  connection: { host: string; port: number; user: string; database: string };
  dataDir: string;
  fixture: Fixture;
}

/** PostgreSQL on a directory of its own, migrated, with a project and its people. */
export async function openBenchDatabase(
  size: { people: number; comments: number },
  options: { durable: boolean },
): Promise<BenchDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
  const embedded = await startEmbedded({ dataDir, durable: options.durable });
  const stop = async () => {
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await using database = await openDatabase(embedded.connection, { poolSize: 4, onPoolError: () => {} });
    await migrate(database.orm, database.reads);
    await addEventPartitions(database.reads);
    await installPolicy(database.orm);
    const fixture = await makeFixture(database.reads, size);
    return { connection: embedded.connection, dataDir, fixture, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
