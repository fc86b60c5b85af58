import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../embedded/startEmbedded.ts';
import { migrate } from '../migrate.ts';
import { type Database, openDatabase } from '../openDatabase.ts';

/** Runs `work` on a fresh database with all migrations applied, on a server of its own that is gone afterwards. */
export async function withMigratedDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tessera-migrated-'));
  const embedded = await startEmbedded({ dataDir, durable: false });
  try {
    await using database = await openDatabase(embedded.connection, { poolSize: 4, onPoolError: () => {} });
    await migrate(database.orm, database.reads);
    await work(database);
  } finally {
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
