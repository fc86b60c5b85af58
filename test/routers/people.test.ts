import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let admin: Person;
let ada: Person;
let bob: Person;
let cleo: Person;
let organizationId: string;
let projectId: string;

beforeAll(async () => {
  server = await startServer({ services: new Set(['api']) });
  admin = await server.admin();
  [ada, bob, cleo] = [
    await server.person('Ada Lovelace'),
    await server.person('Bob_Noether'),
    await server.person('Cleo Lovering'),
  ];
  ({ id: organizationId } = await ada.client.organizations.create.mutate({
    name: 'Analysts',
    username: 'analysts',
  }));
  await ada.client.organizations.addMember.mutate({ organizationId, actorId: bob.id });
  ({ id: projectId } = await ada.client.projects.create.mutate({ name: 'Engine' }));
  await ada.client.members.add.mutate({ projectId, actorId: organizationId, role: 'viewer' });
});
afterAll(() => server.close());

type Filter = Parameters<Person['client']['actors']['list']['query']>[0];
const idsOf = async (filter: Filter) =>
  (await admin.client.actors.list.query(filter)).items.map(({ id }) => id);

test('an administrator lists all people and organizations with their accounts, newest first', async () => {
  const { items } = await admin.client.actors.list.query({});
  expect(items.map(({ id }) => id)).toEqual([organizationId, cleo.id, bob.id, ada.id, admin.id]);
  expect(items[3]).toMatchObject({
    username: ada.username,
    email: ada.email,
    actorType: 'person',
    isVerified: false,
    systemRoles: ['user'],
    suspendedAt: null,
    lastSeenAt: expect.any(Date),
  });
  expect(items[0]).toMatchObject({
    actorType: 'organization',
    email: null,
    systemRoles: [],
    lastSeenAt: null,
  });
  expect(items[4]?.systemRoles).toEqual(['user', 'admin']);
});

test('pages meet without a gap', async () => {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Person['client']['actors']['list']['query']>> =
      await admin.client.actors.list.query({ limit: 2, cursor });
    found.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor);
  expect(found).toEqual(await idsOf({}));
});

test('by text, kind, role and state, one with another', async () => {
  expect(await idsOf({ text: 'LOVE' })).toEqual([cleo.id, ada.id]);
  expect(await idsOf({ text: bob.email })).toEqual([bob.id]);
  expect(await idsOf({ text: '_' })).toEqual([bob.id]);
  expect(await idsOf({ kind: 'organization' })).toEqual([organizationId]);
  expect(await idsOf({ role: 'admin' })).toEqual([admin.id]);
  expect(await idsOf({ role: 'user', text: 'love' })).toEqual([cleo.id, ada.id]);
  await admin.client.actors.suspend.mutate({ actorId: cleo.id });
  expect(await idsOf({ state: 'suspended' })).toEqual([cleo.id]);
  expect(await idsOf({ state: 'active', text: 'love' })).toEqual([ada.id]);
  await admin.client.actors.unsuspend.mutate({ actorId: cleo.id });
  await server.tessera.services.reads.query('update actors set is_verified = true where id = $1', [ada.id]);
  expect(await idsOf({ state: 'unverified', text: 'love' })).toEqual([cleo.id]);
});

test('nobody else lists them, and none who is deleted is listed', async () => {
  expect(await failureOf(ada.client.actors.list.query({}))).toMatchObject({ code: 'FORBIDDEN' });
  const gone = await server.person('Gone');
  expect(await idsOf({ text: 'gone' })).toEqual([gone.id]);
  await gone.client.actors.delete.mutate({ password: gone.password });
  expect(await idsOf({ text: 'gone' })).toEqual([]);
});

test('ids get their names in one call, of deleted accounts too', async () => {
  const gone = await server.person('Leaving');
  await gone.client.actors.delete.mutate({ password: gone.password });
  const nobody = '00000000-0000-4000-8000-000000000000';
  const { items } = await bob.client.actors.named.query({
    actorIds: [ada.id, organizationId, gone.id, nobody, ada.id],
  });
  const byId = new Map(items.map((actor) => [actor.id, actor]));
  expect(items).toHaveLength(3);
  expect(byId.get(ada.id)).toEqual({
    id: ada.id,
    username: ada.username,
    name: 'Ada Lovelace',
    actorType: 'person',
  });
  expect(byId.get(organizationId)?.actorType).toBe('organization');
  expect(byId.get(gone.id)?.name).not.toBe('Leaving');
});

test('members are found by username and by each word of their name, those of organizations too', async () => {
  const search = async (text?: string, limit?: number) =>
    (await ada.client.members.search.query({ projectId, text, limit })).items.map(({ id }) => id);
  expect((await search()).toSorted()).toEqual([ada.id, bob.id].toSorted());
  expect(await search('lovel')).toEqual([ada.id]);
  expect(await search('ADA')).toEqual([ada.id]);
  expect(await search(bob.username)).toEqual([bob.id]);
  expect(await search('bob_')).toEqual([bob.id]);
  expect(await search('%')).toEqual([]);
  expect(await search('', 1)).toHaveLength(1);
  await admin.client.actors.suspend.mutate({ actorId: bob.id });
  expect(await search('bob')).toEqual([]);
  await admin.client.actors.unsuspend.mutate({ actorId: bob.id });
});

test('who may not see the members finds none', async () => {
  expect(await failureOf(cleo.client.members.search.query({ projectId, text: 'a' }))).toMatchObject({
    code: 'NOT_FOUND',
  });
});
