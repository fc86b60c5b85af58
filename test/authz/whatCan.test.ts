import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whatCan } from '../../src/domain/policies/whatCan.ts';
import { isInProject, procedures } from '../../src/routers/trpc.ts';
import '../../src/routers/_app.ts';
import { failureOf } from '../support/failure.ts';
import { type AccessWorld, makeAccessWorld } from './accessWorld.ts';

const allPermissions = [...procedures.keys()];

let world: AccessWorld;
beforeAll(async () => {
  world = await makeAccessWorld();
});
afterAll(() => world.server.close());

describe('what somebody can', () => {
  test('is every procedure that a call of theirs would be allowed, in each project', async () => {
    const { authorizer, reads } = world.server.tessera.services;
    for (const projectId of [
      world.project('private'),
      world.project('public'),
      world.project('deleted'),
      null,
    ]) {
      for (const subject of world.subjects) {
        const { permissions } = await whatCan({ reads, authorizer }, { ...subject, projectId }, isInProject);
        const inside = await authorizer.access(subject.tokenHash, projectId);
        const outside = await authorizer.access(subject.tokenHash, null);
        const allowed = allPermissions.filter((name) => (isInProject(name) ? inside : outside).can(name));
        expect(permissions.toSorted()).toEqual(allowed.toSorted());
      }
    }
  });

  test('is told of a key as what it and its owner have in common', async () => {
    const key = world.subject('key narrow');
    const { permissions, roles } = await world.admin.client.policies.whatCan.query({
      actorId: world.person('owner').id,
      apiKeyId: key.apiKeyId,
      projectId: world.project('private'),
    });
    expect(permissions).toContain('threads.resolve');
    expect(permissions.filter((name) => !name.startsWith('threads.'))).toEqual(['projects.get']);
    expect(roles).toContainEqual({ role: 'owner', via: 'direct' });
    const unknown = world.admin.client.policies.whatCan.query({ actorId: null, projectId: randomUUID() });
    expect((await failureOf(unknown)).code).toBe('NOT_FOUND');
  });
});

describe('auth.permissions', () => {
  test('is what a front end may show: exactly the procedures that would not be refused', async () => {
    for (const name of [...world.people.keys()].filter((one) => one !== 'deleted' && one !== 'suspended')) {
      const { id: actorId, client } = world.person(name);
      for (const projectId of [world.project('public'), undefined]) {
        const own = await client.auth.permissions.query({ projectId });
        const told = await world.admin.client.policies.whatCan.query({ actorId, projectId });
        expect(own.permissions).toEqual(told.permissions);
        expect(new Set(own.roles)).toEqual(
          new Set(told.roles.filter(({ via }) => via !== 'inherited').map(({ role }) => role)),
        );
      }
    }
  });

  test('counts a role of a project only for what is called in it', async () => {
    const caller = await world.server.person('Caller');
    await world.change(`insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:steward', 'actors', 'suspend', 'allow'),
      ('p', 'role:steward', 'projects', 'get', 'allow')`);
    await world.change(
      `insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, 'role:steward', $2)`,
      `user:${caller.id}`,
      `project:${world.project('private')}`,
    );
    const { permissions, roles } = await caller.client.auth.permissions.query({
      projectId: world.project('private'),
    });
    expect(roles).toContain('steward');
    expect(permissions).toContain('projects.get');
    expect(permissions).not.toContain('actors.suspend');
    expect((await failureOf(caller.client.actors.suspend.mutate({ actorId: world.admin.id }))).code).toBe(
      'FORBIDDEN',
    );
  });

  test('knows no project in which the caller may do nothing; in a deleted one its owner may restore it', async () => {
    const { client } = world.person('former');
    const hidden = await failureOf(client.auth.permissions.query({ projectId: world.project('private') }));
    const unknown = await failureOf(client.auth.permissions.query({ projectId: world.project('unknown') }));
    expect(hidden).toEqual(unknown);
    expect(hidden.code).toBe('NOT_FOUND');
    const deleted = { projectId: world.project('deleted') };
    const { permissions } = await world.person('owner').client.auth.permissions.query(deleted);
    expect(permissions.filter(isInProject)).toEqual(['projects.restore']);
    expect((await failureOf(world.person('manager').client.auth.permissions.query(deleted))).code).toBe(
      'NOT_FOUND',
    );
  });

  test('is closed to keys: what they may do, an administrator is told by policies.whatCan', async () => {
    const { key } = await world.person('owner').client.apiKeys.create.mutate({ name: 'any', scopes: ['*'] });
    expect((await failureOf(world.server.connect(key).auth.permissions.query({}))).code).toBe('FORBIDDEN');
  });
});
