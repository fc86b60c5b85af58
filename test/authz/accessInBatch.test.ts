/** Decisions read together say what each would say by itself, about every kind of caller and project. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Access } from '../../src/authz/Authorizer.ts';
import { Authorizer } from '../../src/authz/Authorizer.ts';
import { defaultPermissions } from '../../src/authz/defaultPolicy.ts';
import { hashToken, hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { type TestServer, startServer } from '../support/server.ts';
import { waitFor } from '../support/waitFor.ts';

let server: TestServer;
const tokens: (string | null)[] = [null, 'forged'];
const projects: (string | null)[] = [null, randomUUID()];

beforeAll(async () => {
  server = await startServer({ services: new Set(['api']) });
  const { reads } = server.tessera.services;
  const people = await Promise.all(
    ['Owner', 'Editor', 'Colleague', 'Stranger', 'Suspended', 'Deleted', 'Out'].map((name) =>
      server.person(name),
    ),
  );
  const admin = await server.admin();
  const [owner, editor, colleague, , suspended, deleted, out] = people as [
    (typeof people)[number],
    ...typeof people,
  ];
  const guild = await owner.client.organizations.create.mutate({ name: 'Guild', username: 'guild' });
  const closed = await owner.client.organizations.create.mutate({ name: 'Closed', username: 'closed' });
  for (const { id } of [guild, closed])
    await owner.client.organizations.addMember.mutate({ organizationId: id, actorId: colleague?.id ?? '' });
  for (const [name, visibility] of [
    ['private', 'private'],
    ['public', 'public'],
    ['deleted', 'private'],
  ] as const) {
    const { id: projectId } = await owner.client.projects.create.mutate({ name, visibility });
    projects.push(projectId);
    for (const someone of [editor, suspended, deleted]) {
      await owner.client.members.add.mutate({ projectId, actorId: someone?.id ?? '', role: 'editor' });
    }
    const through = name === 'public' ? closed : guild;
    await owner.client.members.add.mutate({ projectId, actorId: through.id, role: 'developer' });
    if (name === 'deleted') await owner.client.projects.delete.mutate({ projectId });
  }
  for (const [scopes, projectIds] of [
    [['*'], null],
    [['comments.*', 'projects.get'], null],
    [['*'], [projects[2] ?? '']],
  ] as const) {
    const { key } = await owner.client.apiKeys.create.mutate({
      name: 'key',
      scopes: [...scopes],
      projectIds: projectIds ? [...projectIds] : undefined,
    });
    tokens.push(key);
  }
  const { key, apiKey } = await owner.client.apiKeys.create.mutate({ name: 'revoked', scopes: ['*'] });
  await owner.client.apiKeys.revoke.mutate({ apiKeyId: apiKey.id });
  tokens.push(key, ...people.map(({ token }) => token), admin.token);
  await admin.client.actors.suspend.mutate({ actorId: suspended?.id ?? '' });
  await admin.client.actors.suspend.mutate({ actorId: closed.id });
  await reads.query('update actors set deleted_at = now() where id = $1', [deleted?.id]);
  await reads.query('update sessions set expires_at = now() where user_id = $1', [out?.id]);
  // Like the owner of a site that has been there for a while.
  await reads.query('analyze');
});
afterAll(() => server.close());

const permissions = Object.entries(defaultPermissions).flatMap(([object, actions]) =>
  Object.keys(actions).map((action) => `${object}.${action}`),
);

const describeAccess = (access: Access) => ({
  ...access,
  roles: access.roles.toSorted(),
  can: permissions.filter((permission) => access.can(permission)),
  holds: ['owner', 'manager', 'editor', 'viewer', 'admin'].filter((role) => access.holds(role)),
  judge: undefined,
  under: undefined,
  projectsWhere: undefined,
});

const pairs = () => tokens.flatMap((token) => projects.map((projectId) => ({ token, projectId })));
const hashOf = (token: string | null) => (token === null ? null : hashTokenAsText(token));

test('every caller in every project, asked for at once and one by one', async () => {
  const { authorizer } = server.tessera.services;
  const together = await Promise.all(
    pairs().map(({ token, projectId }) => authorizer.accessInBatch(hashOf(token), projectId)),
  );
  expect(together).toHaveLength(tokens.length * projects.length);
  for (const [index, { token, projectId }] of pairs().entries()) {
    const alone = await authorizer.access(hashOf(token), projectId);
    expect(describeAccess(together[index] as Access)).toEqual(describeAccess(alone));
  }
  // The comparison is worth something: there are those who may do much, some, and next to nothing.
  const reach = new Set(together.map((access) => describeAccess(access).can.length));
  expect(reach.size).toBeGreaterThan(6);
});

test('a thousand and more are few statements, each credential and project once, and note the use of all', async () => {
  const { reads } = server.tessera.services;
  const sessions = Array.from({ length: 1_200 }, () => randomUUID());
  await reads.query(
    `insert into sessions (id, user_id, token_hash, expires_at, last_seen)
     select gen_random_uuid(), (select id from actors where username like 'owner%'), token_hash,
            now() + interval '1 day', now() - interval '1 hour'
     from unnest($1::bytea[]) as token_hash`,
    [sessions.map((token) => hashToken(token))],
  );
  const authorizer = new Authorizer(reads, { sessionIdleDays: 14 });
  const query = vi.spyOn(reads, 'query');
  const project = projects[2] ?? null;
  const found = await Promise.all(
    [...sessions, ...sessions].map((token) => authorizer.accessInBatch(hashTokenAsText(token), project)),
  );
  const isOfMany = (given: unknown) => typeof given === 'string' && given.includes('as asked');
  expect(query.mock.calls.filter(([given]) => isOfMany(given))).toHaveLength(3);
  query.mockRestore();
  for (const access of found) expect(access.can('projects.delete')).toBe(true);
  await waitFor(async () => {
    const { rows } = await reads.query<{ count: string }>(
      `select count(*) from sessions where last_seen < now() - interval '1 minute'`,
    );
    expect(rows[0]?.count).toBe('0');
  });
});

test('noting the use of a session waits for nobody who is about to end it', async () => {
  const { reads } = server.tessera.services;
  const token = randomUUID();
  await reads.query(
    `insert into sessions (id, user_id, token_hash, expires_at, last_seen)
     select gen_random_uuid(), id, $1, now() + interval '1 day', now() - interval '1 hour'
     from actors where username like 'owner%'`,
    [hashToken(token)],
  );
  const client = await reads.connect();
  await client.query('begin');
  await client.query('update sessions set revoked_at = now() where token_hash = $1', [hashToken(token)]);
  const { authorizer } = server.tessera.services;
  for (let round = 0; round < 20; round += 1) {
    const [alone, together] = await Promise.all([
      authorizer.access(hashTokenAsText(token), null),
      authorizer.accessInBatch(hashTokenAsText(token), null),
    ]);
    expect([alone.caller, together.caller]).not.toContain(null);
  }
  await client.query('commit');
  client.release();
  expect((await authorizer.accessInBatch(hashTokenAsText(token), null)).caller).toBe(null);
});
