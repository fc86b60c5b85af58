import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultRules } from '../../src/authz/defaultPolicy.ts';
import { installPolicy } from '../../src/authz/installPolicy.ts';
import { startEmbedded } from '../../src/database/embedded/startEmbedded.ts';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { resetPolicy } from '../../src/domain/policies/resetPolicy.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { childEnvironment } from '../support/childEnvironment.ts';
import { quickFolder } from '../support/cluster.ts';
import { runHere } from '../support/runHere.ts';

let server: TestServer;
let admin: Person;
beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
});
afterAll(() => server.close());
beforeEach(reset);

function reset() {
  return transact(server.tessera.services.orm, systemCause, resetPolicy);
}
function query<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return server.tessera.services.reads.query<Row>(sql, values).then(({ rows }) => rows);
}
/** Rules of roles as lines, sorted. */
async function readRules(): Promise<string[]> {
  const rows = await query<{ line: string }>(
    `select concat_ws(', ', ptype, v0, v1, v2, v3) as line from casbin_rules where v0 like 'role:%'`,
  );
  return rows.map(({ line }) => line).toSorted();
}
const builtin = defaultRules()
  .map((line) => line.join(', '))
  .toSorted();
const lockOut = () => query(`delete from casbin_rules where ptype = 'p'`);

/** The settings by which a command finds a server's database. */
function settingsOf({ dataDir, database }: TestServer): Record<string, string> {
  const { host, port, user, database: name } = database.connection;
  const url = `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}&port=${port}`;
  return { DATA_DIR: dataDir, DATABASE_URL: url };
}

/** Runs `npm run policies:reset`, beside the server if no other settings are given. */
async function run(words: string[] = [], settings = settingsOf(server)) {
  const { code, stdout, stderr } = await runHere('src/resetPolicy.ts', words, settings);
  return { code, text: (stdout + stderr).trim() };
}

/** The same in a process of its own. */
function runElsewhere(words: string[] = [], settings = settingsOf(server)) {
  const env = { ...childEnvironment, ...settings };
  return new Promise<{ code: number; text: string }>((done) => {
    execFile(process.execPath, ['src/resetPolicy.ts', ...words], { env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code ?? 1) : 0, text: (stdout + stderr).trim() }),
    );
  });
}

describe('resetting the policy', () => {
  test('makes the rules of roles the built-in ones, and leaves memberships and roles as they are', async () => {
    const owner = await server.person('Owner');
    const { id: projectId } = await owner.client.projects.create.mutate({ name: 'Kept' });
    const other = await server.person('Other');
    await admin.client.roles.create.mutate({
      name: 'reviewer',
      scope: 'project',
      description: 'Reviews.',
      inherits: ['viewer'],
    });
    await owner.client.members.add.mutate({ projectId, actorId: other.id, role: 'reviewer' });
    await query(`delete from casbin_rules where v1 = 'comments' or v0 = 'role:owner'`);
    await query(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:user', '*', '*', 'allow'),
         ('p', 'role:unheard-of', 'no', 'such', 'deny'), ('g', 'role:unheard-of', 'role:admin', '*', null)`,
    );
    const memberships = () => query(`select * from casbin_rules where v0 like 'user:%' order by id`);
    const held = await memberships();
    await other.client.projects.get.query({ projectId });

    await reset();
    expect(await readRules()).toEqual(builtin);
    expect(await memberships()).toEqual(held);
    expect((await failureOf(other.client.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
    const { items } = await admin.client.roles.list.query({});
    expect(items.map(({ name }) => name)).toContain('reviewer');
    await owner.client.projects.update.mutate({ projectId, name: 'Still mine' });
  });

  test('lets those in again who were locked out, at their next call, and can be undone', async () => {
    const [former] = await query<{ epoch: string }>(`select epoch from authz_epochs where name = 'policy'`);
    await lockOut();
    expect((await failureOf(admin.client.policies.history.query({}))).code).toBe('FORBIDDEN');
    expect((await failureOf(server.connect().auth.login.mutate(admin))).code).toBe('UNAUTHORIZED');
    const outcome = await reset();
    expect(outcome.added).toHaveLength(builtin.filter((line) => line.startsWith('p')).length);
    expect(outcome.removed).toEqual([]);
    await server.connect().auth.login.mutate(admin);
    const { items } = await admin.client.policies.history.query({ limit: 2 });
    expect(items[0]).toMatchObject({
      epoch: outcome.epoch,
      actor: null,
      reason: 'reset to the built-in policy',
      removed: [],
    });
    expect(items[1]).toMatchObject({
      epoch: outcome.formerEpoch,
      reason: 'changed directly in the database',
    });
    expect(Number(former?.epoch)).toBeLessThan(outcome.formerEpoch);
  });

  test('makes one version, and none when there is nothing to do', async () => {
    const count = async () => (await query<{ n: string }>('select count(*) as n from authz_versions'))[0]?.n;
    const before = await count();
    const outcome = await reset();
    expect(outcome).toMatchObject({ epoch: outcome.formerEpoch, added: [], removed: [] });
    expect(await count()).toBe(before);
    await query(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:user', 'audit', 'list', 'allow')`,
    );
    await query(`delete from casbin_rules where v1 = 'jobs'`);
    await reset();
    expect(await count()).toBe(String(Number(before) + 3));
  });

  test('remembers the built-in rules as installed: the next start adds none, and brings none back', async () => {
    await query('delete from authz_defaults');
    await query(
      `insert into authz_defaults (ptype, v0, v1, v2, v3) values ('p', 'role:user', 'old', 'one', 'allow')`,
    );
    await reset();
    const remembered = await query<{ line: string }>(
      `select concat_ws(', ', ptype, v0, v1, v2, nullif(v3, '')) as line from authz_defaults`,
    );
    expect(remembered.map(({ line }) => line).toSorted()).toEqual(builtin);
    await query(`delete from casbin_rules where v1 = 'jobs'`);
    expect(await installPolicy(server.tessera.services.orm)).toBe(0);
    expect((await readRules()).filter((line) => line.includes('jobs'))).toEqual([]);
  });

  test('makes a change stale that was decided on the policy before it', async () => {
    const { epoch } = await admin.client.policies.test.mutate({});
    await query(`delete from casbin_rules where v1 = 'jobs'`);
    await reset();
    const change = {
      op: 'add' as const,
      rule: {
        kind: 'permission' as const,
        role: 'viewer',
        object: 'jobs',
        action: 'cancel',
        effect: 'allow' as const,
      },
    };
    const apply = admin.client.policies.apply.mutate({ changes: [change], baseEpoch: epoch, reason: 'late' });
    const failure = await failureOf(apply);
    expect(failure.code).toBe('POLICY_STALE');
    expect(failure.message).toContain('reset to the built-in policy');
  });
});

describe('npm run policies:reset', () => {
  test('mends a system that nobody can get into, while it runs, and says how to undo it', async () => {
    const source = `tests:\n  - name: viewers write\n    given: { roles: [viewer] }\n    then: { allow: [comments.add] }\n`;
    await query(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:viewer', 'comments', 'add', 'allow')`,
    );
    await admin.client.policies.putFixture.mutate({ name: 'writers', source });
    await lockOut();
    expect((await failureOf(admin.client.auth.me.query({}))).code).toBe('FORBIDDEN');
    const [before] = await query<{ epoch: string }>(`select epoch from authz_epochs where name = 'policy'`);

    const { code, text } = await runElsewhere();
    expect(code).toBe(0);
    expect(text).toMatch(
      /^The policy is the built-in one again \(epoch \d+\): \d+ rules added, 0 removed\.$/m,
    );
    expect(text).toContain(
      `To undo this, an administrator calls policies.rollback with epoch ${before?.epoch}.`,
    );
    expect(text).toContain(
      '  writers, line 4 (viewers write): comments.add should be allowed, but it is denied',
    );
    expect(text).not.toContain('no active administrator');
    expect((await admin.client.auth.me.query({})).systemRoles).toContain('admin');
    expect(await readRules()).toEqual(builtin);
    await admin.client.policies.removeFixture.mutate({ name: 'writers' });

    expect((await run()).text).toMatch(
      /^The policy is the built-in one already \(epoch \d+\): nothing was changed\.$/,
    );
  });

  test('says how to make an administrator where there is none', async () => {
    await using empty = await startServer();
    const { code, text } = await run([], settingsOf(empty));
    expect([code, text]).toEqual([0, expect.stringContaining('npm run admin -- grant <email>') as string]);
  });

  test('works on a data directory that no server runs on', async () => {
    const dataDir = await mkdtemp(join(await quickFolder(), 'tessera-reset-'));
    try {
      expect((await run([], { DATA_DIR: dataDir })).text).toContain('is the built-in one already');
      const embedded = await startEmbedded({ dataDir, durable: false });
      const client = new pg.Client({ ...embedded.connection, database: 'tessera' });
      await client.connect();
      await client.query(`delete from casbin_rules where v0 = 'role:admin'`);
      await client.end();
      await embedded.stop();
      const { code, text } = await run([], { DATA_DIR: dataDir });
      expect([code, text]).toEqual([0, expect.stringContaining('is the built-in one again') as string]);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  test('tells its usage, and takes no other words', async () => {
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      text: expect.stringContaining('Usage') as string,
    });
    expect((await run(['--force'])).code).toBe(2);
    expect((await run(['now'])).code).toBe(2);
  });
});
