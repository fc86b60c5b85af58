/** A whole Tessera on a database of its own, and people who use it through the published client. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { inject } from 'vitest';
import { type TesseraClient, createTesseraClient } from '../../client/src/index.ts';
import { transact } from '../../src/database/transaction.ts';
import { openSession } from '../../src/domain/identity/openSession.ts';
import { hashPassword } from '../../src/domain/identity/passwords.ts';
import { registerPerson } from '../../src/domain/identity/registerPerson.ts';
import { checkPayloads } from '../../src/events/emit.ts';
import { readSettings } from '../../src/settings.ts';
import { type ServiceName, type Tessera, startTessera } from '../../src/startTessera.ts';
import { type TestDatabase, createDatabase, quickFolder } from './cluster.ts';

checkPayloads();

export interface Person {
  id: string;
  username: string;
  email: string;
  password: string;
  token: string;
  client: TesseraClient;
}

export interface TestServer extends AsyncDisposable {
  tessera: Tessera;
  url: string;
  dataDir: string;
  database: TestDatabase;
  /** A client without credential, or with the one given. */
  connect(token?: string): TesseraClient;
  /** An account of someone new, and its session, by the verbs that registering calls. `name` is made unique. */
  person(name?: string): Promise<Person>;
  /** Makes a person a system administrator. */
  admin(): Promise<Person>;
  close(): Promise<void>;
}

export interface ServerOptions {
  settings?: Record<string, string>;
  services?: ReadonlySet<ServiceName>;
  /** Another node on the same database and data directory. */
  beside?: TestServer;
}

let people = 0;

/** Everybody's, hashed once: hashes are slow by intent, and most tests make several people. */
const password = 'a good password';
let passwordHash: Promise<string> | undefined;

/** Starts a server in this process on a free port. Everything it opened is closed by `close`. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const database = options.beside?.database ?? (await createDatabase(inject('cluster')));
  const dataDir = options.beside?.dataDir ?? (await mkdtemp(join(await quickFolder(), 'tessera-')));
  const settings = readSettings({
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_POOL: '10',
    LOG_LEVEL: 'silent',
    REPOSITORY_PATHS: [...new Set([tmpdir(), await quickFolder()])].join(),
    STOP_SECONDS: '3',
    // Tests share their two cores: what makes them slow is not what this server has to do.
    MAX_LAG_MS: '60000',
    ...options.settings,
  });
  const log = pino({ level: settings.LOG_LEVEL });
  const tessera = await startTessera({
    settings,
    connection: database.connection,
    log,
    ...(options.services ? { services: options.services } : {}),
  });
  const clients: TesseraClient[] = [];

  const connect = (token?: string) => {
    const client = createTesseraClient({ url: tessera.url, ...(token === undefined ? {} : { token }) });
    clients.push(client);
    return client;
  };
  const person = async (name = 'Person'): Promise<Person> => {
    people += 1;
    const username = `${name.toLowerCase().replaceAll(/[^a-z]/g, '')}${people}`;
    const email = `${username}@example.org`;
    const account = { id: uuidv7(), name, username, email };
    const hash = await (passwordHash ??= hashPassword(password));
    const { token } = await transact(
      tessera.services.orm,
      { actorId: account.id, via: 'session' },
      async (em) => {
        await registerPerson(em, { ...account, passwordHash: hash });
        return openSession(em, account.id, {
          userAgent: null,
          ipAddress: null,
          maxDays: settings.SESSION_MAX_DAYS,
        });
      },
    );
    return { id: account.id, username, email, password, token, client: connect(token) };
  };
  const admin = async () => {
    const someone = await person('Admin');
    await tessera.services.reads.query(
      `insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, 'role:admin', '*')`,
      [`user:${someone.id}`],
    );
    await tessera.services.reads.query(
      `update actors set role_id = (select id from roles where name = 'admin') where id = $1`,
      [someone.id],
    );
    return someone;
  };
  const close = async () => {
    await Promise.all(clients.map((client) => client.close()));
    await tessera.stop();
    if (options.beside) return;
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return {
    tessera,
    url: tessera.url,
    dataDir,
    database,
    connect,
    person,
    admin,
    close,
    [Symbol.asyncDispose]: close,
  };
}
