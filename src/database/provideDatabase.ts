import type { Settings } from '../settings.ts';
import { type EmbeddedPostgres, startEmbedded } from './embedded/startEmbedded.ts';
import { ensureDatabase } from './ensureDatabase.ts';
import type { Connection } from './openDatabase.ts';

export interface ProvidedDatabase extends AsyncDisposable {
  connection: Connection;
  /** The embedded server, when there is no DATABASE_URL; attached to, when another process runs it. */
  embedded: EmbeddedPostgres | undefined;
}

/** The database that the settings name: the one of DATABASE_URL, or the embedded one, started if need be. */
export async function provideDatabase(settings: Settings): Promise<ProvidedDatabase> {
  if (settings.DATABASE_URL) {
    return {
      connection: { url: settings.DATABASE_URL },
      embedded: undefined,
      async [Symbol.asyncDispose]() {},
    };
  }
  const embedded = await startEmbedded({ dataDir: settings.DATA_DIR });
  const database = await ensureDatabase(embedded.connection, 'tessera');
  return {
    connection: { ...embedded.connection, database },
    embedded,
    [Symbol.asyncDispose]: () => embedded.stop(),
  };
}
