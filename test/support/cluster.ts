/**
 * The PostgreSQL that the tests share: one server for a whole run (globalSetup.ts starts it),
 * a database of its own for whoever asks. Nothing on it survives a crash, which makes it fast.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedConnection, startEmbedded } from '../../src/database/embedded/startEmbedded.ts';

/** What a test gets with `inject('cluster')`. */
export interface TestCluster {
  host: string;
  port: number;
  user: string;
  /** The database that new ones are copies of, if one was prepared. */
  template?: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: TestCluster;
  }
}

export interface StartedCluster extends AsyncDisposable {
  cluster: TestCluster;
  stop: () => Promise<void>;
}

export interface TestDatabase extends AsyncDisposable {
  name: string;
  connection: EmbeddedConnection;
  /** Removes the database, ending whatever is still connected to it. */
  drop: () => Promise<void>;
}

const templateName = 'tessera_template';

/** In bytes; the databases of a run are there for seconds each. */
const roomNeeded = 4 * 2 ** 30;

/** Memory, where a folder of it has the room: a database is a thousand files, which disks are slow to make and remove. */
export async function quickFolder(): Promise<string> {
  const memory = '/dev/shm';
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= roomNeeded ? memory : tmpdir();
}

/**
 * Starts a server on a temporary directory. `prepareTemplate` gets the connection to an empty database and
 * fills it (with migrations, say); later databases are copies of it.
 */
export async function startTestCluster(
  prepareTemplate?: (connection: EmbeddedConnection) => Promise<void>,
): Promise<StartedCluster> {
  const dataDir = await mkdtemp(join(await quickFolder(), 'tessera-test-'));
  // Its worker would come by chance, into any database, and hold back what waits for the oldest transaction.
  const server = await startEmbedded({ dataDir, durable: false, settings: { autovacuum: 'off' } });
  async function stop(): Promise<void> {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
  const { host, port, user } = server.connection;
  const cluster: TestCluster = { host, port, user };
  try {
    if (prepareTemplate) {
      await execute(cluster, `create database ${templateName}`);
      await prepareTemplate({ ...server.connection, database: templateName });
      // Nobody may connect any more: a template in use cannot be copied.
      await execute(cluster, `alter database ${templateName} is_template true allow_connections false`);
      cluster.template = templateName;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { cluster, stop, [Symbol.asyncDispose]: stop };
}

/** Makes a database of a random name: a copy of the template given, else of the prepared one, else empty. */
export async function createDatabase(
  cluster: TestCluster,
  { template = cluster.template ?? 'template0' }: { template?: string } = {},
): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  // Files are copied in half the time that writing their pages to the log takes.
  const from = `template ${pg.escapeIdentifier(template)} strategy file_copy`;
  await execute(cluster, `create database ${name} ${from}`);
  const drop = () => execute(cluster, `drop database if exists ${name} with (force)`);
  const { host, port, user } = cluster;
  return { name, connection: { host, port, user, database: name }, drop, [Symbol.asyncDispose]: drop };
}

async function execute(cluster: TestCluster, sql: string): Promise<void> {
  const { host, port, user } = cluster;
  const client = new pg.Client({ host, port, user, database: 'postgres' });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
