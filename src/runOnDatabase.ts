import { installPolicy } from './authz/installPolicy.ts';
import { migrate } from './database/migrate.ts';
import { type Database, openDatabase } from './database/openDatabase.ts';
import { provideDatabase } from './database/provideDatabase.ts';
import type { Settings } from './settings.ts';

/**
 * Runs a command on the server's database, brought up to date; whether a server runs or not. The embedded
 * database is attached to, or started for as long as it takes.
 */
export async function runOnDatabase<T>(
  settings: Settings,
  command: (database: Database) => Promise<T>,
): Promise<T> {
  await using provided = await provideDatabase(settings);
  await using database = await openDatabase(provided.connection, { poolSize: 2, onPoolError: () => {} });
  await migrate(database.orm, database.reads);
  await installPolicy(database.orm);
  // Awaited here: what is in use may not be closed before the command is through.
  return await command(database);
}
