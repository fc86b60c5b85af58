import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { hashToken } from '../../src/domain/identity/secrets.ts';
import { signIn } from '../../src/domain/identity/signIn.ts';
import { findOwnCredential } from '../../src/domain/identity/sql/findCredential.ts';
import { TesseraError } from '../../src/errors.ts';
import { failureOf } from '../support/failure.ts';
import { linkTo, mailsTo } from '../support/mailbox.ts';
import { type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const run = (sql: string, values: unknown[] = []) => server.tessera.services.reads.query(sql, values);
const login = (email: string, password: string) => server.connect().auth.login.mutate({ email, password });

describe('registering', () => {
  test('gives an account, a session that works, and a mail that verifies the address once', async () => {
    const { token, expiresAt, actor } = await server.connect().auth.register.mutate({
      name: '  Ada Lovelace ',
      username: 'Ada-L',
      email: ' Ada@Example.org ',
      password: 'a good password',
    });
    expect(actor).toMatchObject({
      name: 'Ada Lovelace',
      username: 'ada-l',
      email: 'ada@example.org',
      isVerified: false,
      systemRoles: ['user'],
    });
    expect((expiresAt.getTime() - Date.now()) / 86_400_000).toBeCloseTo(90, 1);
    const ada = server.connect(token);
    expect(await ada.auth.me.query({})).toEqual(actor);

    const link = await linkTo(server.dataDir, 'ada@example.org', 'verify');
    expect(await server.connect().auth.verifyEmail.mutate({ token: link })).toBeNull();
    expect((await ada.auth.me.query({})).isVerified).toBe(true);
    expect((await failureOf(server.connect().auth.verifyEmail.mutate({ token: link }))).code).toBe(
      'TOKEN_INVALID',
    );
  });

  test('refuses an address and a username that are in use, in any case', async () => {
    const { email, username } = await server.person('Taken');
    const other = {
      name: 'Other',
      username: 'other-name',
      email: 'other-name@example.org',
      password: 'a good password',
    };
    const register = server.connect().auth.register;
    expect((await failureOf(register.mutate({ ...other, email: email.toUpperCase() }))).code).toBe(
      'EMAIL_TAKEN',
    );
    expect((await failureOf(register.mutate({ ...other, username: username.toUpperCase() }))).code).toBe(
      'USERNAME_TAKEN',
    );
  });

  test('says of each field what is wrong with it', async () => {
    const failure = await failureOf(
      server
        .connect()
        .auth.register.mutate({ name: ' ', username: 'root', email: 'nowhere', password: 'short' }),
    );
    expect(failure.code).toBe('BAD_INPUT');
    expect(Object.keys(failure.fields).toSorted()).toEqual(['email', 'name', 'password', 'username']);
  });

  test('again with the same id and mutationId does not hand out a session for the account', async () => {
    const input = {
      id: '01a1fb00-0000-7000-8000-00000000aaaa',
      mutationId: 'once',
      name: 'Twice',
      username: 'twice',
      email: 'twice@example.org',
      password: 'a good password',
    };
    await server.connect().auth.register.mutate(input);
    expect((await failureOf(server.connect().auth.register.mutate(input))).code).toBe('EMAIL_TAKEN');
  });

  test('twenty at once with one address make one account', async () => {
    const attempts = Array.from({ length: 20 }, (_, n) =>
      server.connect().auth.register.mutate({
        name: 'Race',
        username: `race-${n}`,
        email: 'race@example.org',
        password: 'a good password',
      }),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('signing in', () => {
  test('gives another session, whatever the case of the address', async () => {
    const { email, password, id } = await server.person('Signer');
    const { token, actor } = await login(email.toUpperCase(), password);
    expect(actor.id).toBe(id);
    expect((await server.connect(token).auth.me.query({})).id).toBe(id);
  });

  test('answers a wrong password and an unknown address alike', async () => {
    const { email } = await server.person('Known');
    const wrong = await failureOf(login(email, 'a wrong password'));
    const unknown = await failureOf(login('nobody@example.org', 'a wrong password'));
    expect(wrong).toEqual(unknown);
    expect(wrong.code).toBe('BAD_CREDENTIALS');
  });

  test('renews a hash that was made with weaker parameters', async () => {
    const { id, email, password } = await server.person('Weak');
    const weak = await hash(password, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    await run('update actors set password_hash = $2 where id = $1', [id, weak]);
    await login(email, password);
    const { rows } = await run('select password_hash from actors where id = $1', [id]);
    expect(rows[0].password_hash).toContain('m=19456,t=2,p=1');
    await login(email, password);
  });

  test('opens nothing for a password that was changed while it was compared', async () => {
    const { id } = await server.person('Racer');
    const { orm, reads } = server.tessera.services;
    const credential = await findOwnCredential(reads, id);
    if (!credential) throw new Error('The account has no credential.');
    await run('update actors set password_hash = $2 where id = $1', [id, await hash('another password')]);
    const device = { userAgent: null, ipAddress: null, maxDays: 1 };
    const late = transact(orm, systemCause, (em) =>
      signIn(em, { credential, renewedHash: undefined, device }),
    );
    await expect(late).rejects.toThrow(new TesseraError('BAD_CREDENTIALS'));
  });

  test('is recorded, and so are failures at accounts that exist', async () => {
    const { id, email, password } = await server.person('Recorded');
    await login(email, password);
    await failureOf(login(email, 'a wrong password'));
    const actions = async () => {
      const { rows } = await run(
        `select action from audit_logs where entity_type = 'actors' and entity_id = $1`,
        [id],
      );
      return rows.map((row) => row.action as string);
    };
    await expect.poll(actions).toEqual(expect.arrayContaining(['create', 'sign_in', 'sign_in_failed']));
  });

  test('in a browser of an allowed origin sets a cookie that signs in, and signing out clears it', async () => {
    const { email, password, id } = await server.person('Browser');
    const post = (path: string, input: object, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/trpc/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: server.url, ...headers },
        body: JSON.stringify({ json: input }),
      });
    const signedIn = await post('auth.login', { email, password });
    const [cookie = ''] = signedIn.headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly.*SameSite=Lax/i);
    const me = await fetch(`${server.url}/trpc/auth.me?input=${encodeURIComponent('{"json":{}}')}`, {
      headers: { cookie: cookie.split(';')[0] ?? '', origin: server.url },
    });
    expect(await me.json()).toMatchObject({ result: { data: { json: { id } } } });
    const out = await post('auth.logout', {}, { cookie: cookie.split(';')[0] ?? '' });
    expect(out.headers.getSetCookie()[0]).toMatch(/Expires=Thu, 01 Jan 1970/);
  });
});

describe('suspension', () => {
  test('is told only to who knows the password, and stops open sessions at once until it is lifted', async () => {
    const admin = await server.admin();
    const someone = await server.person('Suspended');
    await admin.client.actors.suspend.mutate({ actorId: someone.id });
    expect((await failureOf(login(someone.email, 'a wrong password'))).code).toBe('BAD_CREDENTIALS');
    expect((await failureOf(login(someone.email, someone.password))).code).toBe('ACCOUNT_SUSPENDED');
    expect((await failureOf(someone.client.auth.me.query({}))).code).toBe('ACCOUNT_SUSPENDED');
    await admin.client.actors.unsuspend.mutate({ actorId: someone.id });
    expect((await someone.client.auth.me.query({})).suspendedAt).toBeNull();
  });
});

describe('sessions', () => {
  test('are listed with the one that asks marked, and a revoked one is refused at its next call', async () => {
    const someone = await server.person('Lister');
    const second = server.connect((await login(someone.email, someone.password)).token);
    const { items } = await someone.client.auth.sessions.query({});
    expect(items.map((item) => item.isCurrent)).toEqual([false, true]);
    await someone.client.auth.revokeSession.mutate({ sessionId: items[0]?.id ?? '' });
    expect((await failureOf(second.auth.me.query({}))).code).toBe('UNAUTHORIZED');
    expect((await someone.client.auth.sessions.query({})).items).toHaveLength(1);
  });

  test('are paged without a hole', async () => {
    const someone = await server.person('Pager');
    for (let n = 0; n < 4; n += 1) await login(someone.email, someone.password);
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await someone.client.auth.sessions.query({ cursor, limit: 2 });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  test('of somebody else cannot be revoked or even be told of', async () => {
    const [one, two] = [await server.person('One'), await server.person('Two')];
    const [session] = (await one.client.auth.sessions.query({})).items;
    const failure = await failureOf(two.client.auth.revokeSession.mutate({ sessionId: session?.id ?? '' }));
    expect(failure.code).toBe('NOT_FOUND');
    await one.client.auth.me.query({});
  });

  test('end by signing out', async () => {
    const { client } = await server.person('Leaver');
    await client.auth.logout.mutate({});
    expect((await failureOf(client.auth.me.query({}))).code).toBe('UNAUTHORIZED');
  });

  test.each([
    ['after the time that they last in any case', `expires_at = now() - interval '1 second'`],
    ['when they were not used for too long', `last_seen = now() - interval '15 days'`],
  ])('end %s', async (_when, change) => {
    const { id, client } = await server.person('Idle');
    await run(`update sessions set ${change} where user_id = $1`, [id]);
    expect((await failureOf(client.auth.me.query({}))).code).toBe('UNAUTHORIZED');
  });
});

describe('a new password by mail', () => {
  const ask = (email: string) => server.connect().auth.requestPasswordReset.mutate({ email });

  test('is set by the link, once, and ends every session', async () => {
    const { email, password, client } = await server.person('Forgetful');
    await ask(email);
    const token = await linkTo(server.dataDir, email, 'reset');
    await server.connect().auth.resetPassword.mutate({ token, password: 'the new password' });
    expect((await failureOf(client.auth.me.query({}))).code).toBe('UNAUTHORIZED');
    expect((await failureOf(login(email, password))).code).toBe('BAD_CREDENTIALS');
    expect((await login(email, 'the new password')).actor.isVerified).toBe(true);
    const again = server.connect().auth.resetPassword.mutate({ token, password: 'yet another one' });
    expect((await failureOf(again)).code).toBe('TOKEN_INVALID');
  });

  test('is asked for with one answer, whether there is an account or not', async () => {
    const { email } = await server.person('Asker');
    expect(await ask('nobody-at-all@example.org')).toEqual(await ask(email));
    await linkTo(server.dataDir, email, 'reset');
    expect(await mailsTo(server.dataDir, 'nobody-at-all@example.org')).toEqual([]);
  });

  test('is set once by fifty simultaneous uses of one link', async () => {
    const { email } = await server.person('Fifty');
    await ask(email);
    const token = await linkTo(server.dataDir, email, 'reset');
    const uses = Array.from({ length: 50 }, (_, n) =>
      server.connect().auth.resetPassword.mutate({ token, password: `new password ${n}` }),
    );
    const won = (await Promise.allSettled(uses)).flatMap(({ status }, n) =>
      status === 'fulfilled' ? [n] : [],
    );
    expect(won).toHaveLength(1);
    await login(email, `new password ${won[0]}`);
  });

  test('makes older links useless, and a link that is too old does nothing', async () => {
    const { email } = await server.person('Older');
    await ask(email);
    const first = await linkTo(server.dataDir, email, 'reset');
    await ask(email);
    await expect.poll(() => linkTo(server.dataDir, email, 'reset')).not.toBe(first);
    const second = await linkTo(server.dataDir, email, 'reset');
    await server.connect().auth.resetPassword.mutate({ token: second, password: 'the new password' });
    const reset = (token: string) =>
      failureOf(server.connect().auth.resetPassword.mutate({ token, password: 'one more password' }));
    expect((await reset(first)).code).toBe('TOKEN_INVALID');
    await ask(email);
    await expect.poll(() => linkTo(server.dataDir, email, 'reset')).not.toBe(second);
    const third = await linkTo(server.dataDir, email, 'reset');
    await run('update email_tokens set expires_at = now() where token_hash = $1', [hashToken(third)]);
    expect((await reset(third)).code).toBe('TOKEN_INVALID');
  });

  test('takes API keys from whoever made an account with an address that is not theirs', async () => {
    const squatter = await server.person('Squatter');
    const { key } = await squatter.client.apiKeys.create.mutate({ name: 'back door', scopes: ['*'] });
    await server.connect(key).actors.get.query({ actorId: squatter.id });
    await ask(squatter.email);
    const token = await linkTo(server.dataDir, squatter.email, 'reset');
    await server.connect().auth.resetPassword.mutate({ token, password: 'the owner’s password' });
    expect((await failureOf(server.connect(key).actors.get.query({ actorId: squatter.id }))).code).toBe(
      'UNAUTHORIZED',
    );
  });

  test('is mailed a few times an hour at most, to whatever address', async () => {
    for (let n = 0; n < 5; n += 1) await ask('flooded@example.org');
    expect((await failureOf(ask('flooded@example.org'))).code).toBe('TOO_MANY_REQUESTS');
  });
});

describe('changing the password', () => {
  test('takes the present one, and ends the other sessions but not its own', async () => {
    const { client, email, password } = await server.person('Changer');
    const other = server.connect((await login(email, password)).token);
    const wrong = { currentPassword: 'a wrong password', newPassword: 'the new password' };
    expect((await failureOf(client.auth.changePassword.mutate(wrong))).code).toBe('WRONG_PASSWORD');
    await client.auth.changePassword.mutate({ currentPassword: password, newPassword: 'the new password' });
    await client.auth.me.query({});
    expect((await failureOf(other.auth.me.query({}))).code).toBe('UNAUTHORIZED');
    await login(email, 'the new password');
  });

  test('cannot be guessed through from a stolen session', async () => {
    const { client, password } = await server.person('Stolen');
    const guess = (currentPassword: string) =>
      failureOf(client.auth.changePassword.mutate({ currentPassword, newPassword: 'the new password' }));
    for (let n = 0; n < 10; n += 1) expect((await guess(`guess ${n}`)).code).toBe('WRONG_PASSWORD');
    expect((await guess(password)).code).toBe('TOO_MANY_REQUESTS');
  });
});

describe('verifying the address', () => {
  /** Registers by the procedure, which mails a link. */
  async function register(username: string) {
    const email = `${username}@example.org`;
    const account = { name: 'Unverified', username, email, password: 'a good password' };
    const { token } = await server.connect().auth.register.mutate(account);
    return { email, client: server.connect(token) };
  }

  test('can be asked for again, and the newest link works', async () => {
    const { client, email } = await register('unverified');
    const first = await linkTo(server.dataDir, email, 'verify');
    await client.auth.requestVerification.mutate({});
    await expect.poll(() => linkTo(server.dataDir, email, 'verify')).not.toBe(first);
    await client.auth.verifyEmail.mutate({ token: await linkTo(server.dataDir, email, 'verify') });
    expect((await client.auth.me.query({})).isVerified).toBe(true);
  });

  test('takes no link of another kind', async () => {
    const { email } = await register('mixed');
    const token = await linkTo(server.dataDir, email, 'verify');
    const failure = await failureOf(
      server.connect().auth.resetPassword.mutate({ token, password: 'a new password' }),
    );
    expect(failure.code).toBe('TOKEN_INVALID');
  });
});

describe('permissions', () => {
  test('are told as they count where one asks', async () => {
    const owner = await server.person('Owner');
    const stranger = await server.person('Stranger');
    const { id: projectId } = await owner.client.projects.create.mutate({ name: 'Private' });
    const everywhere = await owner.client.auth.permissions.query({});
    expect(everywhere.permissions).toContain('projects.create');
    expect(everywhere.permissions).not.toContain('projects.delete');
    const here = await owner.client.auth.permissions.query({ projectId });
    expect(here.roles).toContain('owner');
    expect(here.permissions).toContain('projects.delete');
    expect((await failureOf(stranger.client.auth.permissions.query({ projectId }))).code).toBe('NOT_FOUND');
  });
});
