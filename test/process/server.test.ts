import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTesseraClient } from '../../client/src/index.ts';
import { createDatabase, quickFolder } from '../support/cluster.ts';
import { childEnvironment } from '../support/childEnvironment.ts';
import { waitFor } from '../support/waitFor.ts';

/** The tests take turns on one data directory, as the starts of a server do; making another costs seconds. */
let dataDir: string;
const children: ChildProcess[] = [];
/** A server on the data directory, if one runs: a test may go on with what another has started. */
let running: Started | undefined;

const makeFolder = async () => mkdtemp(join(await quickFolder(), 'tessera-process-'));
const removeFolder = (folder: string) =>
  rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });

beforeAll(async () => {
  dataDir = await makeFolder();
});
afterAll(async () => {
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  await removeFolder(dataDir);
});

interface Started {
  child: ChildProcess;
  url: string;
  lines: string[];
}

/** Runs `src/main.ts` as `npm start` does, until it says where it listens (and the setup link, if it is to come). */
async function start(
  environment: Record<string, string> = {},
  until = /Tessera listens on/,
): Promise<Started> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { ...childEnvironment, PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const lines: string[] = [];
  child.stderr?.on('data', (text: Buffer) => lines.push(text.toString()));
  for await (const line of createInterface({ input: child.stdout ?? expect.fail() })) {
    lines.push(line);
    if (until.test(line)) break;
  }
  child.stdout?.resume();
  const url =
    /listens on (\S+)/.exec(lines.join('\n'))?.[1] ?? expect.fail(`It did not start:\n${lines.join('\n')}`);
  return { child, url, lines };
}

async function stop({ child }: Started, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = (await ended) as [number | null];
  return code;
}

async function isListening(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  return once(socket, 'connect').then(
    () => (socket.destroy(), true),
    () => false,
  );
}

const accountOf = (name: string) => ({
  name,
  username: name.toLowerCase(),
  email: `${name.toLowerCase()}@example.org`,
  password: 'a good password',
});

describe('the server process', () => {
  test('makes the first administrator by its one-time link, and keeps everything over a stop and a kill', async () => {
    const first = await start({}, /setup#/);
    const token = /setup#(\S+)/.exec(first.lines.join('\n'))?.[1] ?? '';
    const guest = createTesseraClient({ url: first.url });
    const made = await guest.auth.setup.mutate({ token, ...accountOf('Ada') });
    expect(made.actor.systemRoles).toContain('admin');
    await expect(guest.auth.setup.mutate({ token, ...accountOf('Eve') })).rejects.toThrow();
    expect(await stop(first, 'SIGTERM')).toBe(0);

    const second = await start();
    expect(second.lines.join('\n')).not.toContain('setup#');
    const ada = createTesseraClient({ url: second.url, token: made.token });
    const project = await ada.projects.create.mutate({ name: 'Survivor' });
    await stop(second, 'SIGKILL');

    running = await start();
    const again = createTesseraClient({ url: running.url, token: made.token });
    expect((await again.projects.get.query({ projectId: project.id })).name).toBe('Survivor');
  });

  test('ends, for a supervisor to start it again, when its embedded PostgreSQL is killed', async () => {
    const server = await (running ?? start());
    const [pid = ''] = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
    const ended = once(server.child, 'exit');
    process.kill(Number(pid), 'SIGKILL');
    const [code] = (await ended) as [number];
    expect(code).toBe(1);
    running = undefined;
    running = await start();
    await createTesseraClient({ url: running.url }).auth.register.mutate(accountOf('Cid'));
  });

  test('finishes the call under way before it stops', async () => {
    const server = await (running ?? start());
    running = undefined;
    const body = JSON.stringify({ json: accountOf('Bob') });
    const call = request(`${server.url}/trpc/auth.register`, {
      method: 'POST',
      // The server answers 100 when it has taken the call; its body comes only after the signal.
      headers: {
        expect: '100-continue',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    const answered = once(call, 'response') as Promise<[IncomingMessage]>;
    call.flushHeaders();
    await once(call, 'continue');
    const ended = stop(server, 'SIGTERM');
    await waitFor(async () => expect(await isListening(server.url)).toBe(false));
    call.end(body);
    const [response] = await answered;
    response.resume();
    expect(response.statusCode).toBe(200);
    expect(await ended).toBe(0);
  });

  test('runs on a PostgreSQL of yours, in the database that the URL names', async () => {
    await using database = await createDatabase(inject('cluster'), { template: 'template0' });
    const { host, port, user, database: name } = database.connection;
    const elsewhere = await makeFolder();
    const server = await start({
      DATA_DIR: elsewhere,
      DATABASE_URL: `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}&port=${port}`,
    });
    const { actor } = await createTesseraClient({ url: server.url }).auth.register.mutate(accountOf('Dan'));
    expect(actor.username).toBe('dan');
    expect(await readdir(elsewhere)).not.toContain('postgres');
    expect(await stop(server, 'SIGINT')).toBe(0);
    await removeFolder(elsewhere);
  });

  test.each([
    [
      {
        PORT: 'many',
        LOG_LEVEL: 'loud',
        DATABASE_URL: 'mysql://localhost/x',
        DATABSE_URL: 'postgres://localhost/x',
      },
      [/PORT=many/, /LOG_LEVEL=loud/, /DATABASE_URL=…/, /did you mean DATABASE_URL/],
    ],
    [{ DATABASE_URL: 'postgres://localhost:1/x' }, [/The database cannot be reached/]],
  ])('does not start with the settings %j, and says why', async (environment, sentences) => {
    const child = spawn(process.execPath, ['src/main.ts'], {
      env: { ...childEnvironment, DATA_DIR: dataDir, ...environment },
    });
    children.push(child);
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(1);
    for (const sentence of sentences) expect(said).toMatch(sentence);
    expect(said).not.toContain('    at ');
  });
});
