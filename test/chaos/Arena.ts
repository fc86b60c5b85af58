/** Where the chaos happens: PostgreSQL, perhaps NATS, servers, a worker and the network between them, all of this run alone. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbedded } from '../../src/database/embedded/startEmbedded.ts';
import { readPostmaster } from '../../src/database/embedded/postmaster.ts';
import { ensureDatabase } from '../../src/database/ensureDatabase.ts';
import { findFreePort } from '../support/findFreePort.ts';
import { type NatsServer, startNats } from '../support/natsServer.ts';
import { DatabaseWire } from './DatabaseWire.ts';
import { NatsWire } from './NatsWire.ts';
import { Servant } from './Servant.ts';
import type { Disorder, Reach, Wire } from './Wire.ts';
import { branches } from './writers.ts';

const databaseName = 'tessera';
const run = promisify(execFile);

export type BusKind = 'PostgreSQL' | 'NATS';

export interface ArenaOptions {
  /** Where everything lies until the end. */
  folder: string;
  random: () => number;
  bus: BusKind;
  /** Files of the repository. */
  files: number;
  /** Whether the worker is a process of its own, or one with the second server. */
  hasOwnWorker: boolean;
}

export class Arena implements AsyncDisposable {
  readonly nats: NatsServer | undefined;
  readonly servers: Servant[];
  readonly worker: Servant;
  /** Servers and worker. */
  readonly processes: readonly Servant[];
  /** A git repository. */
  readonly repository: string;
  readonly #root: string;
  readonly #database: DatabaseWire;
  readonly #wires: Wire[];
  #postgres: EmbeddedPostgres | undefined;

  private constructor(
    root: string,
    database: DatabaseWire,
    nats: { server: NatsServer; wire: NatsWire } | undefined,
    { servers, worker }: { servers: Servant[]; worker: Servant },
  ) {
    this.#root = root;
    this.repository = join(root, 'repository');
    this.#database = database;
    this.nats = nats?.server;
    this.#wires = [database, ...(nats ? [nats.wire] : [])];
    this.servers = servers;
    this.worker = worker;
    this.processes = [...new Set([...servers, worker])];
  }

  static async open({ folder, random, bus, files, hasOwnWorker }: ArenaOptions): Promise<Arena> {
    const root = await mkdtemp(join(folder, 'tessera-chaos-'));
    const database = await DatabaseWire.open(random);
    const nats = bus === 'NATS' ? await openNats(random) : undefined;
    const environment = {
      DATABASE_URL: `postgres://tessera@127.0.0.1:${database.port}/${databaseName}`,
      ...(nats ? { BUS_URL: `nats://127.0.0.1:${nats.wire.port}` } : {}),
      DATABASE_POOL: '10',
      DATA_DIR: join(root, 'data'),
      REPOSITORY_PATHS: root,
      LOG_LEVEL: 'fatal',
      SOCKET_QUEUE_BYTES: '65536',
    };
    const make = async (name: string, services: string) =>
      new Servant(name, services, await findFreePort(), environment);
    const servers = [await make('server 1', 'api,realtime')];
    const worker = hasOwnWorker
      ? await make('worker', 'worker')
      : await make('server 2 with the worker', 'api,realtime,worker');
    servers.push(hasOwnWorker ? await make('server 2', 'api,realtime') : worker);
    const arena = new Arena(root, database, nats, { servers, worker });
    try {
      await Promise.all([arena.startPostgres(), arena.#makeRepository(files)]);
      await ensureDatabase(arena.connection, databaseName);
      // One of them makes the schema, the others wait for it.
      await Promise.all(arena.processes.map((servant) => servant.start()));
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
    this.#database.directory = this.#postgres.connection.host;
  }

  async killPostgres(): Promise<void> {
    const found = await readPostmaster(join(this.#root, 'postgres'));
    const lost = this.#postgres?.lost;
    if (found) process.kill(found.pid, 'SIGKILL');
    await lost;
  }

  /** Breaks connections, until `mend`. */
  cut(reach: Reach): void {
    for (const wire of this.#wires) wire.cut(reach);
  }

  mend(): void {
    for (const wire of this.#wires) wire.mend();
  }

  disturb(disorder: Disorder): void {
    for (const wire of this.#wires) wire.disturb(disorder);
  }

  /** Hints that were lost and repeated on purpose. */
  get disturbed(): { dropped: number; repeated: number } {
    const sum = { dropped: 0, repeated: 0 };
    for (const { counts } of this.#wires) {
      sum.dropped += counts.dropped;
      sum.repeated += counts.repeated;
    }
    return sum;
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

  /** As if the workers whose jobs are under way had last given a sign of life some seconds earlier. */
  async ageHeartbeats(): Promise<void> {
    await this.query(`update jobs set heartbeat_at = heartbeat_at - interval '6 s' where status = 'running'`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.processes.map((servant) => servant.dismiss()));
    await Promise.all(this.#wires.map((wire) => wire.close()));
    await this.nats?.kill();
    await this.#postgres?.stop();
    await rm(this.#root, { recursive: true, force: true });
  }

  async #makeRepository(files: number): Promise<void> {
    const git = (...words: string[]) => run('git', ['-C', this.repository, ...words]);
    await mkdir(this.repository);
    await git('init', '--quiet', `--initial-branch=${branches[0]}`);
    for (const branch of branches) {
      if (branch !== branches[0]) await git('checkout', '--quiet', '-b', branch);
      for (let file = 0; file < files; file += 1)
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

async function openNats(random: () => number): Promise<{ server: NatsServer; wire: NatsWire }> {
  const server = await startNats();
  return { server, wire: await NatsWire.open(random, server.port) };
}
