/** Where the chaos happens: PostgreSQL, servers, a worker and the network between them, all of this run alone. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbedded } from '../../src/database/embedded/startEmbedded.ts';
import { readPostmaster } from '../../src/database/embedded/postmaster.ts';
import { ensureDatabase } from '../../src/database/ensureDatabase.ts';
import { DatabaseWire } from './DatabaseWire.ts';
import { Servant, findFreePort } from './Servant.ts';
import { branches } from './writers.ts';

const databaseName = 'tessera';
const run = promisify(execFile);

export class Arena implements AsyncDisposable {
  readonly wire: DatabaseWire;
  readonly servers: Servant[] = [];
  readonly worker: Servant;
  /** A git repository with a few hundred files. */
  readonly repository: string;
  readonly #root: string;
  #postgres: EmbeddedPostgres | undefined;

  private constructor(root: string, wire: DatabaseWire, worker: Servant) {
    this.#root = root;
    this.repository = join(root, 'repository');
    this.wire = wire;
    this.worker = worker;
  }

  /** @param folder where everything lies until the end. */
  static async open(folder: string, random: () => number): Promise<Arena> {
    const root = await mkdtemp(join(folder, 'tessera-chaos-'));
    const wire = await DatabaseWire.open(random);
    const environment = {
      DATABASE_URL: `postgres://tessera@127.0.0.1:${wire.port}/${databaseName}`,
      DATABASE_POOL: '10',
      DATA_DIR: join(root, 'data'),
      REPOSITORY_PATHS: root,
      LOG_LEVEL: 'fatal',
      SOCKET_QUEUE_BYTES: '65536',
    };
    const worker = new Servant('worker', 'worker', await findFreePort(), environment);
    const arena = new Arena(root, wire, worker);
    for (const number of [1, 2]) {
      const port = await findFreePort();
      arena.servers.push(new Servant(`server ${number}`, 'api,realtime', port, environment));
    }
    try {
      await Promise.all([arena.startPostgres(), arena.#makeRepository()]);
      await ensureDatabase(arena.connection, databaseName);
      // The first brings the schema up to date.
      await arena.servers[0]?.start();
      await Promise.all([...arena.servers, worker].map((servant) => servant.start()));
      return arena;
    } catch (error) {
      await arena[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Past the wire, for the count at the end. */
  get connection(): EmbeddedPostgres['connection'] {
    if (!this.#postgres) throw new Error('PostgreSQL does not run.');
    return this.#postgres.connection;
  }

  /** Starts PostgreSQL, which recovers from its log if it was killed. */
  async startPostgres(): Promise<void> {
    // Without fsync: what is lost with the machine is not lost with a process.
    this.#postgres = await startEmbedded({ dataDir: this.#root, settings: { fsync: 'off' } });
    this.wire.directory = this.#postgres.connection.host;
  }

  async killPostgres(): Promise<void> {
    const found = await readPostmaster(join(this.#root, 'postgres'));
    const lost = this.#postgres?.lost;
    if (found) process.kill(found.pid, 'SIGKILL');
    await lost;
  }

  async query<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    const client = new pg.Client({ ...this.connection, database: databaseName });
    await client.connect();
    try {
      return (await client.query<T>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.servers, this.worker].map((servant) => servant.dismiss()));
    await this.wire.close();
    await this.#postgres?.stop();
    await rm(this.#root, { recursive: true, force: true });
  }

  async #makeRepository(): Promise<void> {
    const git = (...words: string[]) => run('git', ['-C', this.repository, ...words]);
    await mkdir(this.repository);
    await git('init', '--quiet', `--initial-branch=${branches[0]}`);
    for (const branch of branches) {
      if (branch !== branches[0]) await git('checkout', '--quiet', '-b', branch);
      for (let file = 0; file < 300; file += 1)
        await writeFile(join(this.repository, `${file}.txt`), `${branch} ${file}\n`.repeat(50));
      await git('add', '--all');
      await git(
        '-c',
        'user.name=Chaos',
        '-c',
        'user.email=chaos@example.org',
        'commit',
        '--quiet',
        '-m',
        branch,
      );
    }
  }
}
