import { explainStart } from '../../explainStart.ts';
import { readSettings } from '../../settings.ts';
import { type Database, openDatabase } from '../openDatabase.ts';
import { provideDatabase } from '../provideDatabase.ts';

/** Runs a command on the server's database; a failure is told in a sentence, and ends with exit code 1. */
export async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  try {
    await using provided = await provideDatabase(readSettings(process.env));
    await using database = await openDatabase(provided.connection, { poolSize: 4, onPoolError: () => {} });
    await work(database);
  } catch (error) {
    console.error(explainStart(error));
    process.exitCode = 1;
  }
}
