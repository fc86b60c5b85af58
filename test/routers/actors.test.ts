import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let someone: Person;
beforeAll(async () => {
  server = await startServer();
  someone = await server.person('Someone');
});
afterAll(() => server.close());

describe('profiles', () => {
  test('show no e-mail address to others', async () => {
    const other = await server.person('Other');
    const profile = await someone.client.actors.get.query({ actorId: other.id });
    expect(profile).toMatchObject({
      id: other.id,
      username: other.username,
      actorType: 'person',
      orcid: null,
    });
    expect(JSON.stringify(profile)).not.toContain(other.email);
  });

  test('are not shown to who is not signed in, and unknown ones are not found', async () => {
    expect((await failureOf(server.connect().actors.get.query({ actorId: someone.id }))).code).toBe(
      'UNAUTHORIZED',
    );
    const unknown = '01a1fb00-0000-7000-8000-000000000000';
    expect((await failureOf(someone.client.actors.get.query({ actorId: unknown }))).code).toBe('NOT_FOUND');
  });

  test('are changed by their owner, field by field', async () => {
    const { client, id } = await server.person('Changing');
    await client.actors.update.mutate({ orcid: '0000-0002-1825-0097', metadata: { team: { size: 3 } } });
    const changed = await client.actors.update.mutate({ name: 'New Name' });
    expect(changed).toMatchObject({
      name: 'New Name',
      orcid: '0000-0002-1825-0097',
      metadata: { team: { size: 3 } },
    });
    expect((await client.actors.update.mutate({ orcid: null })).orcid).toBeNull();
    expect(await client.auth.me.query({})).toMatchObject({ name: 'New Name', orcid: null });
    expect((await someone.client.actors.get.query({ actorId: id })).name).toBe('New Name');
  });

  test.each([
    ['an ORCID iD with a wrong check digit', { orcid: '0000-0002-1825-0098' }, 'orcid'],
    ['a name with a line break', { name: 'Two\nlines' }, 'name'],
    ['an empty name', { name: '   ' }, 'name'],
    ['metadata that cannot be stored', { metadata: { text: 'a\u0000b' } }, 'metadata'],
    ['metadata with half a surrogate pair', { metadata: { text: '\ud800' } }, 'metadata'],
    ['metadata that is too large', { metadata: { text: 'x'.repeat(16_384) } }, 'metadata'],
  ])('refuse %s', async (_what, input, field) => {
    const failure = await failureOf(someone.client.actors.update.mutate(input));
    expect(failure.code).toBe('BAD_INPUT');
    expect(Object.keys(failure.fields)).toEqual([field]);
  });

  test('keep a backslash that only looks like an escape', async () => {
    const metadata = { text: String.raw`\u0000` };
    expect((await someone.client.actors.update.mutate({ metadata })).metadata).toEqual(metadata);
  });
});

describe('search', () => {
  const find = async (text: string, limit?: number) =>
    (await someone.client.actors.search.query(limit ? { text, limit } : { text })).items.map(
      (item) => item.username,
    );

  test('finds people and organizations by how their username or name begins, in any case', async () => {
    const { username, client } = await server.person('Zebulon');
    await client.organizations.create.mutate({ name: 'Zebra House', username: 'stripes' });
    expect(await find('ZEB')).toEqual(['stripes', username]);
    expect(await find('ebulon')).toEqual([]);
  });

  test('puts who is named exactly so first', async () => {
    const { client } = await server.person('Exact');
    for (const username of ['quill', 'quilla', 'quil'])
      await client.organizations.create.mutate({ name: 'Feathers', username });
    expect(await find('quill')).toEqual(['quill', 'quilla']);
    expect(await find('quil', 2)).toEqual(['quil', 'quill']);
  });

  test('takes wildcards for what they are', async () => {
    expect(await find('%%')).toEqual([]);
    expect(await find('__')).toEqual([]);
    expect(await find(String.raw`\\`)).toEqual([]);
  });

  test('needs two characters', async () => {
    expect((await failureOf(someone.client.actors.search.query({ text: ' a ' }))).code).toBe('BAD_INPUT');
  });

  test('shows nobody who is suspended', async () => {
    const admin = await server.admin();
    const { id, username } = await server.person('Vanishing');
    expect(await find('vanishing')).toEqual([username]);
    await admin.client.actors.suspend.mutate({ actorId: id });
    expect(await find('vanishing')).toEqual([]);
  });
});

describe('suspension', () => {
  test('is for administrators', async () => {
    const other = await server.person('Other');
    expect((await failureOf(someone.client.actors.suspend.mutate({ actorId: other.id }))).code).toBe(
      'FORBIDDEN',
    );
  });

  test('stops API keys and what an organization gives, and lifting it gives all of it back', async () => {
    const admin = await server.admin();
    const target = await server.person('Target');
    const { key } = await target.client.apiKeys.create.mutate({ name: 'key', scopes: ['*'] });
    const suspended = await admin.client.actors.suspend.mutate({ actorId: target.id });
    expect(suspended.suspendedAt).toBeInstanceOf(Date);
    const call = () => server.connect(key).actors.get.query({ actorId: target.id });
    expect((await failureOf(call())).code).toBe('ACCOUNT_SUSPENDED');
    await admin.client.actors.unsuspend.mutate({ actorId: target.id });
    await call();

    const organization = await target.client.organizations.create.mutate({
      name: 'Lender',
      username: 'lender',
    });
    const { id: projectId } = await someone.client.projects.create.mutate({ name: 'Lent' });
    await someone.client.members.add.mutate({ projectId, actorId: organization.id, role: 'viewer' });
    await target.client.projects.get.query({ projectId });
    await admin.client.actors.suspend.mutate({ actorId: organization.id });
    expect((await failureOf(target.client.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
    await admin.client.actors.unsuspend.mutate({ actorId: organization.id });
    await target.client.projects.get.query({ projectId });
  });

  test('leaves one administrator, also when the last two suspend each other', async () => {
    await using own = await startServer({ services: new Set(['api']) });
    const [one, two] = [await own.admin(), await own.admin()];
    const outcomes = await Promise.allSettled([
      one.client.actors.suspend.mutate({ actorId: two.id }),
      two.client.actors.suspend.mutate({ actorId: one.id }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const left = outcomes[0].status === 'fulfilled' ? one : two;
    expect((await failureOf(left.client.actors.suspend.mutate({ actorId: left.id }))).code).toBe(
      'LAST_ADMIN',
    );
  });
});
