import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTesseraClient } from '../../client/src/index.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../src/database/embedded/startEmbedded.ts';
import { ensureDatabase } from '../../src/database/ensureDatabase.ts';
import { readSettings } from '../../src/settings.ts';
import { type Tessera, startTessera } from '../../src/startTessera.ts';
import { failureOf } from '../support/failure.ts';
import { childEnvironment } from '../support/childEnvironment.ts';
import { quickFolder } from '../support/cluster.ts';
import { runHere } from '../support/runHere.ts';

let dataDir: string;
let embedded: EmbeddedPostgres;
let tessera: Tessera;

// As `npm start` does it: the command finds the running database by the data directory alone.
beforeAll(async () => {
  dataDir = await mkdtemp(join(await quickFolder(), 'tessera-admin-'));
  embedded = await startEmbedded({ dataDir, durable: false });
  const connection = {
    ...embedded.connection,
    database: await ensureDatabase(embedded.connection, 'tessera'),
  };
  const settings = readSettings({ PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent', DATABASE_POOL: '4' });
  tessera = await startTessera({
    settings,
    connection,
    log: pino({ level: 'silent' }),
    services: new Set(['api']),
  });
});
afterAll(async () => {
  await tessera?.stop();
  await embedded?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const environment = () => ({ ...childEnvironment, DATA_DIR: dataDir, PUBLIC_URL: 'https://tessera.test/' });

/** Runs `npm run admin` with these words, beside the server. */
async function admin(...words: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await runHere('src/admin.ts', words, environment());
  return { code, text: (stdout + stderr).trim() };
}

/** The same in a process of its own. */
function adminElsewhere(...words: string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['src/admin.ts', ...words],
      { env: environment() },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, text: (stdout + stderr).trim() });
      },
    );
  });
}

async function register(username: string) {
  const email = `${username}@example.org`;
  const person = { name: 'Person', username, email, password: 'a good password' };
  const { token, actor } = await createTesseraClient({ url: tessera.url }).auth.register.mutate(person);
  return { id: actor.id, email, client: createTesseraClient({ url: tessera.url, token }) };
}

test('the command line makes the first administrator, and takes the role from all but the last', async () => {
  const link = await adminElsewhere('setup-link');
  expect(link.text).toMatch(/^https:\/\/tessera\.test\/setup#tsm_\w{43}$/);
  expect(link.code).toBe(0);

  const [one, two] = [await register('one-person'), await register('two-person')];
  expect((await failureOf(one.client.actors.suspend.mutate({ actorId: two.id }))).code).toBe('FORBIDDEN');
  const granted = await admin('grant', ` ${one.email.toUpperCase()}`);
  expect(granted.text).toContain('is an administrator now');
  expect(granted.code).toBe(0);
  await one.client.actors.suspend.mutate({ actorId: two.id });
  expect((await one.client.auth.me.query({})).systemRoles).toContain('admin');
  expect((await adminElsewhere('setup-link')).code).toBe(1);

  const refused = await admin('revoke', one.email);
  expect(refused.text).toContain('without an active administrator');
  expect(refused.code).toBe(1);
  await one.client.actors.unsuspend.mutate({ actorId: two.id });
  expect((await admin('grant', two.email)).code).toBe(0);
  expect((await admin('revoke', one.email)).code).toBe(0);
  expect((await failureOf(one.client.actors.suspend.mutate({ actorId: two.id }))).code).toBe('FORBIDDEN');
  expect((await one.client.auth.me.query({})).systemRoles).toEqual(['user']);
});

test('the command line lets a suspended administrator in again', async () => {
  const [chief, locked] = [await register('chief-person'), await register('locked-person')];
  await admin('grant', chief.email);
  await admin('grant', locked.email);
  await chief.client.actors.suspend.mutate({ actorId: locked.id });
  expect((await failureOf(locked.client.auth.me.query({}))).code).toBe('ACCOUNT_SUSPENDED');
  const { code, text } = await admin('grant', locked.email);
  expect(text).toContain('is an administrator already. The account was suspended: that is lifted.');
  expect(code).toBe(0);
  expect((await locked.client.auth.me.query({})).systemRoles).toContain('admin');
  expect((await admin('revoke', chief.email)).code).toBe(0);
});

test('the command line says what it cannot do', async () => {
  expect(await admin('grant', 'nobody@example.org')).toEqual({
    code: 1,
    text: 'There is no account with the e-mail address nobody@example.org.',
  });
  for (const words of [[], ['grant'], ['promote', 'a@example.org'], ['--what']])
    expect((await admin(...words)).code).toBe(2);
});
