import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkApiKeyFormat } from '../../src/domain/identity/secrets.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let owner: Person;
beforeAll(async () => {
  server = await startServer();
  owner = await server.person('Owner');
});
afterAll(() => server.close());

test('a key is shown once; afterwards only how it begins is known', async () => {
  const { key, apiKey } = await owner.client.apiKeys.create.mutate({ name: 'ci', scopes: ['projects.get'] });
  expect(checkApiKeyFormat(key)).toBe(true);
  expect(key.startsWith(apiKey.prefix)).toBe(true);
  const { items } = await owner.client.apiKeys.list.query({});
  expect(items.find((item) => item.id === apiKey.id)).toEqual(apiKey);
  expect(JSON.stringify(items)).not.toContain(key.slice(apiKey.prefix.length));
});

test('a retry of a create is told that the key cannot be shown again, and makes none', async () => {
  const input = { name: 'retried', scopes: ['*'], mutationId: 'create-once' };
  await owner.client.apiKeys.create.mutate(input);
  expect((await failureOf(owner.client.apiKeys.create.mutate(input))).code).toBe('MUTATION_RESULT_SECRET');
  const { items } = await owner.client.apiKeys.list.query({});
  expect(items.filter((item) => item.name === 'retried')).toHaveLength(1);
});

test('a key may do what its scopes and its owner may, and nothing else', async () => {
  const { id: projectId } = await owner.client.projects.create.mutate({ name: 'Mine' });
  const { key } = await owner.client.apiKeys.create.mutate({
    name: 'narrow',
    scopes: ['projects.get', 'members.*'],
  });
  const program = server.connect(key);
  await program.projects.get.query({ projectId });
  await program.members.list.query({ projectId });
  expect((await failureOf(program.projects.update.mutate({ projectId, name: 'No' }))).code).toBe('FORBIDDEN');

  const other = await server.person('Other');
  await owner.client.members.add.mutate({ projectId, actorId: other.id, role: 'viewer' });
  const { key: otherKey } = await other.client.apiKeys.create.mutate({ name: 'wide', scopes: ['*'] });
  const viewer = server.connect(otherKey);
  await viewer.projects.get.query({ projectId });
  expect((await failureOf(viewer.projects.update.mutate({ projectId, name: 'No' }))).code).toBe('FORBIDDEN');
  await owner.client.members.remove.mutate({ projectId, actorId: other.id });
  expect((await failureOf(viewer.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
});

test('a key never reaches accounts or keys, whatever its scopes', async () => {
  const { key } = await owner.client.apiKeys.create.mutate({ name: 'all', scopes: ['*'] });
  const program = server.connect(key);
  expect((await failureOf(program.auth.me.query({}))).code).toBe('FORBIDDEN');
  expect((await failureOf(program.auth.sessions.query({}))).code).toBe('FORBIDDEN');
  expect((await failureOf(program.apiKeys.create.mutate({ name: 'more', scopes: ['*'] }))).code).toBe(
    'FORBIDDEN',
  );
});

test('a key for one project works there alone', async () => {
  const { id: one } = await owner.client.projects.create.mutate({ name: 'One' });
  const { id: two } = await owner.client.projects.create.mutate({ name: 'Two' });
  const { key } = await owner.client.apiKeys.create.mutate({ name: 'one', scopes: ['*'], projectIds: [one] });
  await server.connect(key).projects.get.query({ projectId: one });
  expect((await failureOf(server.connect(key).projects.get.query({ projectId: two }))).code).toBe(
    'NOT_FOUND',
  );
});

test('a key cannot be made for a project that its owner cannot see', async () => {
  const stranger = await server.person('Stranger');
  const { id } = await owner.client.projects.create.mutate({ name: 'Hidden' });
  const input = { name: 'spy', scopes: ['*'], projectIds: [id] };
  expect((await failureOf(stranger.client.apiKeys.create.mutate(input))).code).toBe('NOT_FOUND');
});

test.each([['everything'], ['projects'], ['projects.fly'], ['*.get'], ['auth.*'], ['apiKeys.create']])(
  'the scope %s is refused',
  async (scope) => {
    const failure = await failureOf(owner.client.apiKeys.create.mutate({ name: 'bad', scopes: [scope] }));
    expect(failure.code).toBe('BAD_INPUT');
    expect(Object.keys(failure.fields)).toEqual(['scopes.0']);
  },
);

test('an expiry in the past is refused, and a key that has expired too', async () => {
  const past = { name: 'late', scopes: ['*'], expiresAt: new Date(Date.now() - 1000) };
  expect((await failureOf(owner.client.apiKeys.create.mutate(past))).code).toBe('BAD_INPUT');
  const made = await owner.client.apiKeys.create.mutate({
    ...past,
    expiresAt: new Date(Date.now() + 60_000),
  });
  await server.connect(made.key).actors.get.query({ actorId: owner.id });
  await server.tessera.services.reads.query('update api_keys set expires_at = now() where id = $1', [
    made.apiKey.id,
  ]);
  expect((await failureOf(server.connect(made.key).actors.get.query({ actorId: owner.id }))).code).toBe(
    'UNAUTHORIZED',
  );
  expect((await failureOf(owner.client.apiKeys.rotate.mutate({ apiKeyId: made.apiKey.id }))).code).toBe(
    'CONFLICT',
  );
});

test('a rotated key is refused at once, and the new one may do the same', async () => {
  const old = await owner.client.apiKeys.create.mutate({ name: 'rotating', scopes: ['actors.get'] });
  const made = await owner.client.apiKeys.rotate.mutate({ apiKeyId: old.apiKey.id });
  expect(made.apiKey).toMatchObject({ name: 'rotating', scopes: ['actors.get'], revokedAt: null });
  expect((await failureOf(server.connect(old.key).actors.get.query({ actorId: owner.id }))).code).toBe(
    'UNAUTHORIZED',
  );
  await server.connect(made.key).actors.get.query({ actorId: owner.id });
  expect((await failureOf(owner.client.apiKeys.rotate.mutate({ apiKeyId: old.apiKey.id }))).code).toBe(
    'CONFLICT',
  );
});

test('a revoked key is refused at its next call; nobody can revoke or rotate another’s', async () => {
  const { key, apiKey } = await owner.client.apiKeys.create.mutate({ name: 'gone', scopes: ['*'] });
  const stranger = await server.person('Stranger');
  expect((await failureOf(stranger.client.apiKeys.revoke.mutate({ apiKeyId: apiKey.id }))).code).toBe(
    'NOT_FOUND',
  );
  expect((await failureOf(stranger.client.apiKeys.rotate.mutate({ apiKeyId: apiKey.id }))).code).toBe(
    'NOT_FOUND',
  );
  const revoked = await owner.client.apiKeys.revoke.mutate({ apiKeyId: apiKey.id });
  expect(revoked.revokedAt).toBeInstanceOf(Date);
  expect((await failureOf(server.connect(key).actors.get.query({ actorId: owner.id }))).code).toBe(
    'UNAUTHORIZED',
  );
});

test('an owner has a hundred keys in use at most, also when they are made all at once', async () => {
  const collector = await server.person('Collector');
  await server.tessera.services.reads.query(
    `insert into api_keys (id, user_id, name, prefix, key_hash, scopes)
     select gen_random_uuid(), $1, 'old', 'tsk_', sha256(gen_random_uuid()::text::bytea), '{*}' from generate_series(1, 98)`,
    [collector.id],
  );
  const attempts = Array.from({ length: 6 }, () =>
    collector.client.apiKeys.create.mutate({ name: 'new', scopes: ['*'] }),
  );
  const outcomes = await Promise.allSettled(attempts);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect((await failureOf(collector.client.apiKeys.create.mutate({ name: 'new', scopes: ['*'] }))).code).toBe(
    'TOO_MANY_API_KEYS',
  );
});
