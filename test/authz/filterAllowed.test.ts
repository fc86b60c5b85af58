import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
const people: Record<string, Person> = {};
const projects: Record<string, string> = {};

beforeAll(async () => {
  server = await startServer();
  for (const name of ['owner', 'editor', 'viewer', 'stranger', 'suspended', 'colleague'])
    people[name] = await server.person(name);
  const admin = await server.admin();
  people['admin'] = admin;
  const { owner, editor, viewer, suspended, colleague } = people as Record<string, Person> & {
    owner: Person;
  };
  const organization = await owner.client.organizations.create.mutate({
    name: 'Guild',
    username: `guild${owner.username}`,
  });
  await owner.client.organizations.addMember.mutate({
    organizationId: organization.id,
    actorId: colleague?.id ?? '',
  });
  for (const [name, visibility] of [
    ['private', 'private'],
    ['public', 'public'],
    ['deleted', 'private'],
  ] as const) {
    const { id: projectId } = await owner.client.projects.create.mutate({ name, visibility });
    projects[name] = projectId;
    const roles = { editor, viewer, suspended: suspended } as const;
    for (const [key, person] of Object.entries(roles)) {
      await owner.client.members.add.mutate({
        projectId,
        actorId: person?.id ?? '',
        role: key === 'viewer' ? 'viewer' : 'editor',
      });
    }
    await owner.client.members.add.mutate({ projectId, actorId: organization.id, role: 'developer' });
  }
  await owner.client.projects.delete.mutate({ projectId: projects['deleted'] ?? '' });
  await admin.client.actors.suspend.mutate({ actorId: suspended?.id ?? '' });
});
afterAll(() => server.close());

test('who may be told of something is who could call for it, in person, through an organization or as anyone', async () => {
  const { authorizer } = server.tessera.services;
  const ids = [...Object.values(people).map((person) => person.id), randomUUID()];
  const usernames = [...Object.values(people).map((person) => person.username), 'nobody-at-all'];
  for (const projectId of [...Object.values(projects), randomUUID()]) {
    for (const permission of [
      'threads.get',
      'comments.add',
      'jobs.cancel',
      'members.remove',
      'projects.delete',
    ]) {
      const expected: string[] = [];
      for (const person of Object.values(people)) {
        const access = await authorizer.access(hashTokenAsText(person.token), projectId);
        if (access.caller && access.can(permission)) expected.push(person.id);
      }
      expect((await authorizer.filterAllowed(ids, permission, projectId)).toSorted()).toEqual(
        expected.toSorted(),
      );
      expect((await authorizer.findAllowed(usernames, permission, projectId)).toSorted()).toEqual(
        expected.toSorted(),
      );
    }
  }
});

test('nobody may be told anything of a deleted project, and asking about nobody asks nothing', async () => {
  const { authorizer } = server.tessera.services;
  const { owner, viewer } = people as Record<'owner' | 'viewer', Person>;
  expect(await authorizer.filterAllowed([owner.id], 'projects.get', projects['deleted'] ?? '')).toEqual([]);
  expect(await authorizer.filterAllowed([], 'projects.get', 'not even a uuid')).toEqual([]);
  expect(
    await authorizer.filterAllowed([owner.id, viewer.id], 'threads.get', projects['private'] ?? ''),
  ).toHaveLength(2);
});
