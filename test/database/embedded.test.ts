import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type EmbeddedConnection,
  type EmbeddedOptions,
  type EmbeddedPostgres,
  startEmbedded,
} from '../../src/database/embedded/startEmbedded.ts';
import { createDatabase, quickFolder, startTestCluster } from '../support/cluster.ts';
import { type Elsewhere, processesIn, startElsewhere as startInChild } from '../support/startElsewhere.ts';
import { patience } from '../support/waitFor.ts';

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';

/** A cluster that is copied where the making of one is not the point; it takes a second. */
let seed: string;
let home: string;
let dataDir: string;
let cluster: string;
const running = new Set<ChildProcess | EmbeddedPostgres>();

beforeAll(async () => {
  seed = await mkdtemp(join(await quickFolder(), 'tessera-test-'));
  await using _ = await startEmbedded({ dataDir: seed, durable: false });
});

afterAll(() => rm(seed, { recursive: true, force: true }));

beforeEach(async () => {
  home = await mkdtemp(join(await quickFolder(), 'tessera-test-'));
  dataDir = join(home, 'data');
  cluster = join(dataDir, 'postgres');
});

afterEach(async () => {
  for (const started of running) {
    if ('stop' in started) await started.stop();
    else if (started.exitCode === null && started.signalCode === null) {
      started.kill('SIGKILL');
      await once(started, 'exit');
    }
  }
  running.clear();
  await vi.waitUntil(async () => (await processesIn(cluster)).length === 0, { timeout: patience });
  await rm(home, { recursive: true, force: true });
});

async function copySeed(): Promise<void> {
  await mkdir(dataDir, { mode: 0o700 });
  execFileSync('cp', ['-a', join(seed, 'postgres'), cluster]);
}

/** Starts in this process, without waiting for the disk unless asked. */
async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({ dataDir, durable: false, ...options });
  running.add(server);
  return server;
}

/** Starts in a process of its own, and ends that after the test. */
function startElsewhere(options: { user?: number; next?: string } = {}): Promise<Elsewhere> {
  return startInChild({ dataDir, ...options, register: (child) => running.add(child) });
}

async function query(connection: EmbeddedConnection, sql: string, values?: unknown[]): Promise<unknown> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql, values);
    return rows[0] && Object.values(rows[0])[0];
  } finally {
    await client.end();
  }
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

describe('the embedded PostgreSQL', () => {
  test('keeps what was committed when it is stopped and started again', async () => {
    const first = await start({ durable: true });
    expect(first.owner).toBe(true);
    await query(first.connection, `create table kept as select 'Grüße' as word`);
    expect(await query(first.connection, 'show fsync')).toBe('on');
    await first.stop();
    expect(await processesIn(cluster)).toEqual([]);
    await expect(stat(first.connection.host)).rejects.toThrow('ENOENT');

    const second = await start({ durable: true });
    expect(await query(second.connection, 'select word from kept')).toBe('Grüße');
  });

  test('lets nobody in but its owner, and tells nobody what it works on', async () => {
    await copySeed();
    process.env['TESSERA_TEST_SECRET'] = 'hunter1';
    const { connection } = await start({ settings: { listen_addresses: '*', work_mem: '5MB' } });
    delete process.env['TESSERA_TEST_SECRET'];
    expect(await query(connection, 'show listen_addresses')).toBe('');
    expect(await query(connection, 'show work_mem')).toBe('5MB');
    expect((await stat(connection.host)).mode & 0o777).toBe(0o700);
    expect((await stat(connection.host)).uid).toBe((await stat(cluster)).uid);

    const pids = await processesIn(cluster);
    const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8')));
    expect(environments.join('').includes('LC_ALL=C')).toBe(isLinux);
    expect(environments.join('')).not.toContain('hunter1');

    await query(connection, 'create table t (secret text unique)');
    await query(connection, 'insert into t values ($1)', ['hunter2']);
    await expect(query(connection, 'insert into t values ($1)', ['hunter2'])).rejects.toThrow('duplicate');
    await expect(query(connection, `select 'hunter2'::int`)).rejects.toThrow('invalid input');
    const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toContain('hunter2');
  });

  test('can be named by a URL, and keeps text in UTF-8', async () => {
    await copySeed();
    const { url } = await start();
    const client = new pg.Client({ connectionString: url('postgres') });
    await client.connect();
    const { rows } = await client.query(`select current_user as me, '€'::bytea::text as euro`);
    expect(rows).toEqual([{ me: 'tessera', euro: '\\xe282ac' }]);
    await client.end();
  });

  test('sends its log to a callback when there is one', async () => {
    await copySeed();
    const lines: string[] = [];
    const { stop } = await start({ log: (line) => lines.push(line) });
    await stop();
    expect(lines.join('\n')).toContain('ready to accept connections');
    expect(lines.join('\n')).toContain('database system is shut down');
    expect(await readdir(dataDir)).toEqual(['postgres']);
  });

  test('says why it did not start', async () => {
    await copySeed();
    await expect(start({ settings: { no_such_setting: 'x' } })).rejects.toMatchObject({
      errorCode: 'DATABASE_START_FAILED',
      message: expect.stringContaining('unrecognized configuration parameter "no_such_setting"'),
    });
  });

  test('refuses files of another PostgreSQL version, or of something else, and leaves them alone', async () => {
    await mkdir(cluster, { recursive: true, mode: 0o700 });
    await writeFile(join(cluster, 'PG_VERSION'), '13\n');
    await expect(start()).rejects.toMatchObject({ errorCode: 'DATABASE_VERSION_MISMATCH' });
    await rm(join(cluster, 'PG_VERSION'));
    await writeFile(join(cluster, 'thesis.txt'), 'years of work');
    await expect(start()).rejects.toMatchObject({ errorCode: 'DATABASE_DIRECTORY_REFUSED' });
    expect(await readdir(cluster)).toEqual(['thesis.txt']);
  });
});

describe('several processes on one data directory', () => {
  test('the second attaches, and its stop leaves the server to its owner', async () => {
    await copySeed();
    const owner = await start();
    const guest = await startElsewhere({ next: 'await server.stop(); say("stopped");' });
    expect(guest).toMatchObject({ owner: false, connection: owner.connection });
    expect(await guest.nextLine()).toBe('"stopped"');
    expect(await query(owner.connection, 'select 1')).toBe(1);
  });

  test('of several that start at once on nothing, one wins and all meet in its cluster', async () => {
    const started = await Promise.all([start(), start(), startElsewhere()]);
    expect(started.filter(({ owner }) => owner)).toHaveLength(1);
    const identify = `select system_identifier::text || pg_postmaster_start_time() from pg_control_system()`;
    const identities = await Promise.all(started.map(({ connection }) => query(connection, identify)));
    expect(new Set(identities).size).toBe(1);
    expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.log']);
  });

  test('one that comes while the server stops waits, and starts it again', async () => {
    await copySeed();
    const first = await start();
    await query(first.connection, 'create table kept as select generate_series(1, 1000) as n');
    const stopped = first.stop();
    const second = await start();
    await stopped;
    expect(second.owner).toBe(true);
    expect(await query(second.connection, 'select count(*)::int from kept')).toBe(1000);
  });
});

describe('when something ends that should not have', () => {
  test('kill -9 of its owner ends PostgreSQL, and what was committed is there at the next start', async () => {
    await copySeed();
    const { child, connection } = await startElsewhere();
    await query(connection, 'create table kept as select 42 as n');
    const client = new pg.Client(connection);
    const disconnected = new Promise((resolve) => client.once('end', resolve).on('error', () => {}));
    await client.connect();
    await client.query('begin; insert into kept values (43)');
    child.kill('SIGKILL');
    await disconnected;
    await expect.poll(() => processesIn(cluster)).toEqual([]);
    await expect.poll(() => readdir(connection.host).catch(() => 'gone')).toBe('gone');

    const next = await start();
    expect(next.owner).toBe(true);
    expect(await query(next.connection, 'select sum(n)::int from kept')).toBe(42);
  });

  test('Ctrl-C, which signals the whole process group, leaves PostgreSQL to an orderly stop', async () => {
    await copySeed();
    const { child, nextLine } = await startElsewhere({
      next: `
        process.once('SIGINT', async () => {
          const client = new pg.Client(server.connection);
          await client.connect();
          say((await client.query("select 'still here' as answer")).rows[0].answer);
          await client.end();
          await server.stop();
          process.exit(7);
        });
        setInterval(() => {}, 1000);
        say('listening');`,
    });
    expect(await nextLine()).toBe('"listening"');
    process.kill(-child.pid!, 'SIGINT');
    expect(await nextLine()).toBe('"still here"');
    expect(await once(child, 'exit')).toEqual([7, null]);
    expect(await processesIn(cluster)).toEqual([]);
  });

  test('an interrupted creation of the cluster is thrown away and done again', async () => {
    const attempt = startElsewhere().catch(() => undefined);
    await expect
      .poll(() => readdir(dataDir).catch(() => []), { interval: 5 })
      .toContainEqual(expect.stringContaining('.draft-'));
    const child = [...running].find((started): started is ChildProcess => 'pid' in started);
    child?.kill('SIGKILL');
    await Promise.all([attempt, once(child!, 'exit')]);
    const { connection } = await start();
    expect(await query(connection, 'select 1')).toBe(1);
    expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.log']);
  });

  test('a lock file left by a crash does not stop the next start, whatever its process id is now', async () => {
    await copySeed();
    const first = await start();
    await query(first.connection, 'create table kept as select 42 as n');
    const left = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
    await first.stop();
    const { uid, gid } = await stat(cluster);
    // PostgreSQL itself would take any living process of its own user for a server.
    const reuser = spawn('sleep', ['60'], isRoot ? { uid, gid } : {});
    running.add(reuser);
    await once(reuser, 'spawn');
    for (const [content, age] of [
      [left, 0],
      [left.replace(/^\d+/, String(reuser.pid)), 0],
      [left.replace(/^\d+/, String(process.pid)), 0],
      ['', 60],
      ['\0'.repeat(80), 60],
    ] as const) {
      const file = join(cluster, 'postmaster.pid');
      await writeFile(file, content);
      const then = Date.now() / 1000 - age;
      await utimes(file, then, then);
      const server = await start();
      expect(server.owner).toBe(true);
      expect(await query(server.connection, 'select n from kept')).toBe(42);
      await server.stop();
    }
  });

  test('a server that was killed is started again, once its last processes are gone', async () => {
    await copySeed();
    const first = await start();
    await query(first.connection, 'create table kept as select 42 as n');
    await query(first.connection, 'checkpoint');
    process.kill(await postmasterPid(), 'SIGKILL');
    const second = await start();
    expect(second.owner).toBe(true);
    expect(await query(second.connection, 'select n from kept')).toBe(42);
  });
});

describe.runIf(isRoot)('run as root', () => {
  test('works in a directory that only root can enter, under another account, for good', async () => {
    await chmod(home, 0o700);
    const first = await start({ durable: true });
    await query(first.connection, 'create table kept as select 42 as n');
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).not.toBe(0);
    expect((await stat(dataDir)).uid).toBe(0);
    await first.stop();
    const second = await start();
    expect(await query(second.connection, 'select n from kept')).toBe(42);
  });

  test('takes over a cluster that was copied back as root', async () => {
    await copySeed();
    execFileSync('chown', ['-R', 'root', cluster]);
    expect((await stat(cluster)).uid).toBe(0);
    const { connection } = await start();
    expect(await query(connection, 'select 1')).toBe(1);
  });
});

describe.runIf(isRoot)('run as an ordinary user', () => {
  test('works, and the same cluster runs under the same account when root starts it next', async () => {
    await chmod(home, 0o755);
    await mkdir(dataDir);
    execFileSync('chown', ['nobody', dataDir]);
    const nobody = (await stat(dataDir)).uid;
    const { owner, connection, child } = await startElsewhere({ user: nobody });
    expect(owner).toBe(true);
    expect((await stat(cluster)).uid).toBe(nobody);
    const guest = await start();
    expect(guest).toMatchObject({ owner: false, connection });
    expect(await query(guest.connection, 'select 1')).toBe(1);
    child.kill('SIGKILL');
    await expect.poll(() => processesIn(cluster)).toEqual([]);
    const { owner: isOurs } = await start();
    expect(isOurs).toBe(true);
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).toBe(nobody);
  });

  test('refuses the directory of somebody else', async () => {
    await chmod(home, 0o755);
    await copySeed();
    await chmod(dataDir, 0o755);
    const user = (await stat(cluster)).uid + 1;
    await expect(startElsewhere({ user })).rejects.toThrow('DATABASE_DIRECTORY_REFUSED');
    await rm(cluster, { recursive: true });
    await expect(startElsewhere({ user })).rejects.toThrow('DATABASE_DIRECTORY_REFUSED');
  });
});

test('tests get databases of their own, copied from a prepared template', async () => {
  await using started = await startTestCluster(async (connection) => {
    await query(connection, 'create table prepared as select 42 as n');
  });
  const [one, two] = await Promise.all([createDatabase(started.cluster), createDatabase(started.cluster)]);
  await query(one.connection, 'update prepared set n = 1');
  expect(await query(two.connection, 'select n from prepared')).toBe(42);
  await one.drop();
  await expect(query(one.connection, 'select 1')).rejects.toThrow('does not exist');
  await using empty = await createDatabase(started.cluster, { template: 'template0' });
  await expect(query(empty.connection, 'select n from prepared')).rejects.toThrow('does not exist');
});
