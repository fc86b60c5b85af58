import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  server = await startServer();
  ada = await server.person('Ada');
  bob = await server.person('Bob');
});
afterAll(() => server.close());

test('an API key grants no role that allows more than its own scopes', async () => {
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Keyed' });
  const narrow = await ada.client.apiKeys.create.mutate({
    name: 'narrow',
    scopes: ['members.add', 'projects.get'],
  });
  const grant = server.connect(narrow.key).members.add.mutate({ projectId, actorId: bob.id, role: 'owner' });
  expect((await failureOf(grant)).code).toBe('GRANT_EXCEEDS_OWN');
  const wide = await ada.client.apiKeys.create.mutate({ name: 'wide', scopes: ['*'] });
  await server.connect(wide.key).members.add.mutate({ projectId, actorId: bob.id, role: 'viewer' });
});

test('a key limited to projects does nothing outside of them', async () => {
  const { id } = await ada.client.projects.create.mutate({ name: 'Inside' });
  const { key } = await ada.client.apiKeys.create.mutate({
    name: 'limited',
    scopes: ['*'],
    projectIds: [id],
  });
  expect((await server.connect(key).projects.get.query({ projectId: id })).name).toBe('Inside');
  expect((await failureOf(server.connect(key).projects.create.mutate({ name: 'Outside' }))).code).toBe(
    'FORBIDDEN',
  );
});

test('an organization that was deleted is no owner: the person who is the other one cannot leave', async () => {
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Shared' });
  const organization = await ada.client.organizations.create.mutate({ name: 'Guild', username: 'the-guild' });
  await ada.client.members.add.mutate({ projectId, actorId: organization.id, role: 'owner' });
  await ada.client.organizations.delete.mutate({ organizationId: organization.id });
  expect((await failureOf(ada.client.members.leave.mutate({ projectId }))).code).toBe('LAST_OWNER');
});

test('when the organization is deleted and the person leaves at once, an owner remains', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { id: projectId } = await ada.client.projects.create.mutate({ name: `Race ${round}` });
    const organization = await ada.client.organizations.create.mutate({
      name: 'Guild',
      username: `guild-${round}`,
    });
    await ada.client.members.add.mutate({ projectId, actorId: organization.id, role: 'owner' });
    const outcomes = await Promise.allSettled([
      server.connect(ada.token).organizations.delete.mutate({ organizationId: organization.id }),
      server.connect(ada.token).members.leave.mutate({ projectId }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }
});

test('thirty projects of one name made at once get thirty identifiers', async () => {
  const made = await Promise.all(
    Array.from({ length: 30 }, () => server.connect(ada.token).projects.create.mutate({ name: 'Popular' })),
  );
  expect(new Set(made.map(({ identifier }) => identifier)).size).toBe(30);
});

test('who may hand a project over, but is no owner, cannot make themselves one', async () => {
  const admin = await server.admin();
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Handed' });
  await admin.client.roles.create.mutate({ name: 'handover', scope: 'project', inherits: ['viewer'] });
  const { epoch } = await admin.client.policies.matrix.query();
  await admin.client.policies.apply.mutate({
    baseEpoch: epoch,
    reason: 'somebody hands projects over',
    changes: [
      {
        op: 'add',
        rule: {
          kind: 'permission',
          role: 'handover',
          object: 'projects',
          action: 'transfer',
          effect: 'allow',
        },
      },
    ],
  });
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'handover' });
  const grab = bob.client.projects.transfer.mutate({ projectId, actorId: bob.id });
  expect((await failureOf(grab)).code).toBe('GRANT_EXCEEDS_OWN');
  const { key } = await ada.client.apiKeys.create.mutate({ name: 'hand', scopes: ['projects.transfer'] });
  const byKey = server.connect(key).projects.transfer.mutate({ projectId, actorId: bob.id });
  expect((await failureOf(byKey)).code).toBe('GRANT_EXCEEDS_OWN');
  expect((await ada.client.projects.get.query({ projectId })).ownerId).toBe(ada.id);
});

test('who is suspended is given no project, and does not count as the owner who stays', async () => {
  const admin = await server.admin();
  const idle = await server.person('Idle');
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Left behind' });
  await ada.client.members.add.mutate({ projectId, actorId: idle.id, role: 'owner' });
  await admin.client.actors.suspend.mutate({ actorId: idle.id });
  const give = ada.client.projects.transfer.mutate({ projectId, actorId: idle.id });
  expect((await failureOf(give)).code).toBe('CONFLICT');
  expect((await failureOf(ada.client.members.leave.mutate({ projectId }))).code).toBe('LAST_OWNER');
  await admin.client.actors.unsuspend.mutate({ actorId: idle.id });
  await ada.client.members.leave.mutate({ projectId });
});
