import { randomUUID } from 'node:crypto';
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

test('an id means the same in upper and lower case: members, roles and events', async () => {
  const project = await ada.client.projects.create.mutate({ id: randomUUID().toUpperCase(), name: 'Case' });
  expect(project.id).toBe(project.id.toLowerCase());
  const upper = project.id.toUpperCase();
  const seen: string[] = [];
  const added = Promise.withResolvers<void>();
  const watching = ada.client.projects.watch.subscribe(
    { projectId: project.id },
    {
      onData: ({ data }) => {
        seen.push(data.type);
        if (data.type === 'snapshot') started.resolve();
        if (data.type === 'member.added') added.resolve();
      },
    },
  );
  const started = Promise.withResolvers<void>();
  await started.promise;
  await ada.client.members.add.mutate({ projectId: upper, actorId: bob.id.toUpperCase(), role: 'viewer' });
  await added.promise;
  watching.unsubscribe();
  await bob.client.projects.get.query({ projectId: project.id });
  await ada.client.members.setRole.mutate({
    projectId: project.id,
    actorId: bob.id.toUpperCase(),
    role: 'manager',
  });
  await bob.client.projects.update.mutate({ projectId: project.id, name: 'Cased' });
  await ada.client.members.remove.mutate({ projectId: upper, actorId: bob.id });
  expect((await failureOf(bob.client.projects.get.query({ projectId: project.id }))).code).toBe('NOT_FOUND');
});

test('the last administrator cannot be suspended under an id in upper case either', async () => {
  const admin = await server.admin();
  expect(
    (await failureOf(admin.client.actors.suspend.mutate({ actorId: admin.id.toUpperCase() }))).code,
  ).toBe('LAST_ADMIN');
});
