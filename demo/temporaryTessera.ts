/**
 * A Tessera that lives as long as the process which forked this one: it listens on a free port, keeps
 * everything in the directory given, and removes that when the parent lets go of it or dies.
 * Arguments: the directory, then the local folders whose repositories may be read.
 */
import { rm } from 'node:fs/promises';
import pino from 'pino';
import { startEmbedded } from '../src/database/embedded/startEmbedded.ts';
import { ensureDatabase } from '../src/database/ensureDatabase.ts';
import { TesseraError } from '../src/errors.ts';
import { readSettings } from '../src/settings.ts';
import { startTessera } from '../src/startTessera.ts';

/** What the parent is told, once. */
export type TemporaryTesseraMessage = { url: string } | { message: string; remedy?: string };

const [dataDir = '', ...repositoryPaths] = process.argv.slice(2);
const tell = (message: TemporaryTesseraMessage) => process.connected && process.send?.(message);
/** Of the user's settings, those by which repositories are reached. */
const { GIT_CREDENTIALS_FILE, REPOSITORY_HOSTS } = process.env;

const closing = new AsyncDisposableStack();

async function start(): Promise<void> {
  closing.defer(() => rm(dataDir, { recursive: true, force: true }));
  const settings = {
    ...readSettings({
      PORT: '0',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'error',
      STOP_SECONDS: '3',
      GIT_CREDENTIALS_FILE,
      REPOSITORY_HOSTS,
    }),
    REPOSITORY_PATHS: repositoryPaths,
  };
  const postgres = closing.use(await startEmbedded({ dataDir, durable: false }));
  const connection = {
    ...postgres.connection,
    database: await ensureDatabase(postgres.connection, 'tessera'),
  };
  const log = pino({ level: settings.LOG_LEVEL }, pino.destination(2));
  const tessera = closing.use(await startTessera({ settings, connection, log }));
  tell({ url: tessera.url });
}

const starting = start().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  tell({ message, ...(error instanceof TesseraError ? { remedy: error.remedy } : {}) });
});

/** Half a start cannot be undone, so it is waited for. */
async function close(): Promise<void> {
  await starting;
  await closing.disposeAsync().catch(() => {});
  process.exit();
}
process.once('disconnect', () => void close());
// Ctrl-C reaches the whole group; the parent decides when this one is no longer needed.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => process.disconnect?.());
