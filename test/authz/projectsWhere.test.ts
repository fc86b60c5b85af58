import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authorizer } from '../../src/authz/Authorizer.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { listProjects } from '../../src/views/sql/listProjects.ts';
import { selectProjects } from '../../src/views/sql/selectProjects.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { type World, storeWorld, worldPlan } from './randomWorld.ts';

const permissions = ['projects.get', 'threads.list', 'projects.restore', 'auth.logout', 'policies.get'];

describe('a scope in SQL', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  /** Session, API key, and no credential at all. */
  const credentials = (world: World) => [
    null,
    ...world.people.flatMap(({ token, key }) => [hashTokenAsText(token), hashTokenAsText(key.secret)]),
  ];

  test('is exactly where the same caller is allowed it, on every policy and world', async () => {
    const { reads } = server.tessera.services;
    const authorizer = new Authorizer(reads, { sessionIdleDays: 30 });
    const found = { allowed: 0, denied: 0 };
    await fc.assert(
      fc.asyncProperty(worldPlan, async (plan) => {
        const world = await storeWorld(reads, plan);
        const ids = world.projects.map(({ id }) => id);
        for (const tokenHash of credentials(world)) {
          const outside = await authorizer.access(tokenHash, null);
          const inside = await Promise.all(ids.map((id) => authorizer.access(tokenHash, id)));
          for (const permission of permissions) {
            const allowed = inside.flatMap((access) =>
              access.can(permission) && access.projectId ? [access.projectId] : [],
            );
            const scope = outside.projectsWhere(permission);
            const selected = await selectProjects(reads, scope, ids);
            expect(selected.toSorted()).toEqual(allowed.toSorted());
            found.allowed += allowed.length;
            found.denied += ids.length - allowed.length;

            const listed = await listProjects(reads, {
              scope,
              own: false,
              text: null,
              after: null,
              limit: 10_000,
            });
            const ofWorld = listed.map(({ id }) => id).filter((id) => ids.includes(id));
            expect(ofWorld.toSorted()).toEqual(allowed.toSorted());
          }
        }
      }),
      { numRuns: 25 },
    );
    // Worlds in which nothing, or everything, is allowed would prove nothing.
    expect(found.allowed).toBeGreaterThan(300);
    expect(found.denied).toBeGreaterThan(300);
  });

  test("of one's own is where one has a role, unless a role held everywhere allows it", async () => {
    const { reads } = server.tessera.services;
    const authorizer = new Authorizer(reads, { sessionIdleDays: 30 });
    await fc.assert(
      fc.asyncProperty(worldPlan, async (plan) => {
        const world = await storeWorld(reads, plan);
        for (const { id, token } of world.people) {
          const scope = (await authorizer.access(hashTokenAsText(token), null)).projectsWhere('projects.get');
          const organizations = world.belongs
            .filter(([person]) => world.people[person]?.id === id)
            .map(([, organization]) => world.organizations[organization])
            .filter((organization) => organization?.state === 'active');
          const subjects = new Set([id, ...organizations.map((one) => one?.id)].map((one) => `user:${one}`));
          const expected = [];
          for (const project of world.projects) {
            const access = await authorizer.access(hashTokenAsText(token), project.id);
            const isHeld = world.stored.some(
              ([ptype, v0 = '', , v2]) => ptype === 'g' && subjects.has(v0) && v2 === `project:${project.id}`,
            );
            if (access.can('projects.get') && (isHeld || scope.isEverywhere)) expected.push(project.id);
          }
          const listed = await listProjects(reads, {
            scope,
            own: true,
            text: null,
            after: null,
            limit: 10_000,
          });
          const ofWorld = new Set(world.projects.map((project) => project.id));
          expect(
            listed
              .map((project) => project.id)
              .filter((one) => ofWorld.has(one))
              .toSorted(),
          ).toEqual(expected.toSorted());
        }
      }),
      { numRuns: 25 },
    );
  });

  test('is asked outside any project: roles held in one would count everywhere', async () => {
    const { authorizer } = server.tessera.services;
    const inside = await authorizer.access(null, randomUUID());
    expect(() => inside.projectsWhere('projects.get')).toThrow('outside any project');
  });
});

describe('lists of projects', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  beforeAll(async () => {
    server = await startServer();
    ada = await server.person('Ada');
    bob = await server.person('Bob');
  });
  afterAll(() => server.close());

  const change = (sql: string, ...values: unknown[]) => server.tessera.services.reads.query(sql, values);
  const idsOf = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id);
  const give = (person: Person, role: string, domain: string) =>
    change(
      `insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, $2, $3)`,
      `user:${person.id}`,
      `role:${role}`,
      domain,
    );
  const allow = (role: string, object: string, action: string, effect = 'allow') =>
    change(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', $1, $2, $3, $4)`,
      `role:${role}`,
      object,
      action,
      effect,
    );

  test('show a member of an organization its projects, until the organization is suspended', async () => {
    const { id: organizationId } = await ada.client.organizations.create.mutate({
      name: 'Guild',
      username: 'guild',
    });
    await ada.client.organizations.addMember.mutate({ organizationId, actorId: bob.id });
    const { id } = await ada.client.projects.create.mutate({ name: 'Shared workshop' });
    await ada.client.members.add.mutate({ projectId: id, actorId: organizationId, role: 'viewer' });
    expect(idsOf(await bob.client.projects.list.query({}))).toEqual([id]);
    expect(idsOf(await bob.client.projects.search.query({ text: 'workshop' }))).toEqual([id]);
    const admin = await server.admin();
    await admin.client.actors.suspend.mutate({ actorId: organizationId });
    expect(idsOf(await bob.client.projects.list.query({}))).toEqual([]);
    expect(idsOf(await bob.client.projects.search.query({ text: 'workshop' }))).toEqual([]);
  });

  test('show everything to whoever a role held everywhere lets see it, by whatever name', async () => {
    const { id } = await ada.client.projects.create.mutate({ name: 'Inspected' });
    const auditor = await server.person('Auditor');
    await allow('auditor', 'projects', 'get');
    await give(auditor, 'auditor', '*');
    expect(idsOf(await auditor.client.projects.list.query({}))).toContain(id);
    expect((await auditor.client.projects.get.query({ projectId: id })).name).toBe('Inspected');
  });

  test('leave out where a rule denies it, also to who sees all others', async () => {
    const { id: shown } = await ada.client.projects.create.mutate({ name: 'Shown' });
    const { id: barred } = await ada.client.projects.create.mutate({ name: 'Barred', visibility: 'public' });
    const admin = await server.admin();
    const guest = await server.person('Guest');
    await allow('barred', '*', '*', 'deny');
    await give(admin, 'barred', `project:${barred}`);
    await give(guest, 'barred', `project:${barred}`);
    const listed = idsOf(await admin.client.projects.list.query({ limit: 200 }));
    expect(listed).toContain(shown);
    expect(listed).not.toContain(barred);
    expect(idsOf(await guest.client.projects.search.query({ text: 'barred' }))).toEqual([]);
    expect(idsOf(await bob.client.projects.search.query({ text: 'barred' }))).toEqual([barred]);
  });

  test('do not show a project to a member whose role does not let them see it', async () => {
    const { id } = await ada.client.projects.create.mutate({ name: 'Letterbox' });
    const writer = await server.person('Writer');
    await allow('correspondent', 'threads', 'list');
    await give(writer, 'correspondent', `project:${id}`);
    expect(idsOf(await writer.client.projects.list.query({}))).toEqual([]);
    expect((await failureOf(writer.client.projects.get.query({ projectId: id }))).code).toBe('NOT_FOUND');
    expect((await writer.client.threads.list.query({ projectId: id })).items).toEqual([]);
  });

  test('work beside rules that name no actor and no project', async () => {
    const { id } = await ada.client.projects.create.mutate({ name: 'Sound' });
    await change(
      `insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, 'role:viewer', 'project:nonsense'), ('g', $1, 'role:viewer', $2)`,
      `user:${ada.id}`,
      `project:${id.toUpperCase()}`,
    );
    expect(idsOf(await ada.client.projects.list.query({}))).toContain(id);
  });

  test('a key is made only for projects that its owner sees, all of them', async () => {
    const { id: own } = await bob.client.projects.create.mutate({ name: 'Own' });
    const { id: open } = await ada.client.projects.create.mutate({ name: 'Open', visibility: 'public' });
    const { id: foreign } = await ada.client.projects.create.mutate({ name: 'Foreign' });
    const make = (...projectIds: string[]) =>
      bob.client.apiKeys.create.mutate({ name: 'limited', scopes: ['*'], projectIds });
    expect((await make(own, open, own)).apiKey.projectIds).toEqual([own, open]);
    const refused = await failureOf(make(own, foreign));
    expect(refused).toEqual(await failureOf(make(own, randomUUID())));
    expect(refused.code).toBe('NOT_FOUND');
  });
});
