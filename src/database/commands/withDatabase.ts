import { startEmbedded } from '../embedded/startEmbedded.ts';
import { ensureDatabase } from '../ensureDatabase.ts';
import { type Connection, type Database, openDatabase } from '../openDatabase.ts';
import { readSettings } from '../../settings.ts';

/** Runs a command on the database that the settings name: DATABASE_URL, or the embedded one (attached when it runs). */
export async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const settings = readSettings(process.env);
  const embedded = settings.DATABASE_URL ? undefined : await startEmbedded({ dataDir: settings.DATA_DIR });
  try {
    const connection: Connection = embedded
      ? { ...embedded.connection, database: await ensureDatabase(embedded.connection, 'tessera') }
      : { url: settings.DATABASE_URL ?? '' };
    await using database = await openDatabase(connection, { poolSize: 4, onPoolError: () => {} });
    await work(database);
  } finally {
    await embedded?.stop();
  }
}
