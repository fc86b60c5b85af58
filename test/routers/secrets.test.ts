import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import { expect, inject, test } from 'vitest';
import { createTesseraClient } from '../../client/src/index.ts';
import { readSettings } from '../../src/settings.ts';
import { startTessera } from '../../src/startTessera.ts';
import { createDatabase } from '../support/cluster.ts';
import { failureOf } from '../support/failure.ts';
import { linkTo } from '../support/mailbox.ts';

test('no password, token or key is in any table or in the log, and no hash is in the audit log', async () => {
  await using database = await createDatabase(inject('cluster'));
  const dataDir = await mkdtemp(join(tmpdir(), 'tessera-secrets-'));
  const log: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString());
      done();
    },
  });
  const settings = readSettings({ PORT: '0', DATA_DIR: dataDir, DATABASE_POOL: '6' });
  await using tessera = await startTessera({
    settings,
    connection: database.connection,
    log: pino({ level: 'trace' }, sink),
  });
  const connect = (token?: string) => createTesseraClient({ url: tessera.url, ...(token ? { token } : {}) });
  const email = 'secretive@example.org';
  const passwords = [
    'first secret password',
    'second secret password',
    'third secret password',
    'a mistaken password',
  ] as const;

  const { token } = await connect().auth.register.mutate({
    name: 'Secretive',
    username: 'secretive',
    email,
    password: passwords[0],
  });
  const client = connect(token);
  const verification = await linkTo(dataDir, email, 'verify');
  await client.auth.verifyEmail.mutate({ token: verification, mutationId: 'm1' });
  await client.auth.changePassword.mutate({
    currentPassword: passwords[0],
    newPassword: passwords[1],
    mutationId: 'm2',
  });
  await failureOf(connect().auth.login.mutate({ email, password: passwords[3] }));
  const made = await client.apiKeys.create.mutate({ name: 'key', scopes: ['*'], mutationId: 'm3' });
  const rotated = await client.apiKeys.rotate.mutate({ apiKeyId: made.apiKey.id, mutationId: 'm4' });
  await connect().auth.requestPasswordReset.mutate({ email });
  const reset = await linkTo(dataDir, email, 'reset');
  await connect().auth.resetPassword.mutate({ token: reset, password: passwords[2] });
  const last = await connect().auth.login.mutate({ email, password: passwords[2] });

  const { reads } = tessera.services;
  const { rows: tables } = await reads.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  let stored = '';
  for (const { name } of tables) {
    const { rows } = await reads.query<{ row: string }>(`select t::text as row from ${name} t`);
    stored += rows.map(({ row }) => row).join('\n');
  }
  expect(stored).toContain(email);
  const secrets = [...passwords, token, last.token, verification, reset, made.key, rotated.key];
  for (const secret of secrets) {
    expect(stored).not.toContain(secret);
    expect(log.join('')).not.toContain(secret);
  }
  const { rows: audited } = await reads.query<{ changes: object }>('select changes from audit_logs');
  expect(audited.length).toBeGreaterThan(5);
  expect(JSON.stringify(audited)).not.toMatch(
    /argon2|"(passwordHash|tokenHash|keyHash)":\{"new":(?!"\[redacted\]")/,
  );
  const { rows: kept } = await reads.query<{ procedure: string; result: string | null }>(
    'select procedure, result from mutations',
  );
  // What holds a password is not kept at all: not even the hash of such an input.
  expect(kept.map((row) => row.procedure).toSorted()).toEqual(['apiKeys.create', 'apiKeys.rotate']);
  expect(kept.every((row) => row.result === null)).toBe(true);
  await rm(dataDir, { recursive: true, force: true });
});
