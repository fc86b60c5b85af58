import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authorizer } from '../../src/authz/Authorizer.ts';
import { whoCan } from '../../src/domain/policies/whoCan.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { storeWorld, worldPlan } from './randomWorld.ts';

let server: TestServer;
let admin: Person;
let ada: Person;
let bob: Person;
let colleague: Person;
let projectId: string;

const change = (sql: string, ...values: unknown[]) => server.tessera.services.reads.query(sql, values);
const ask = (permission: string, place?: string) =>
  admin.client.policies.whoCan.query({ permission, projectId: place, limit: 200 });
const namesOf = (answer: { items: { actor: { username: string } }[] }) =>
  answer.items.map(({ actor }) => actor.username);

beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  ada = await server.person('Ada');
  bob = await server.person('Bob');
  colleague = await server.person('Colleague');
  projectId = (await ada.client.projects.create.mutate({ name: 'Workshop' })).id;
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'viewer' });
  const { id: organizationId } = await ada.client.organizations.create.mutate({
    name: 'Guild',
    username: 'guild',
  });
  await ada.client.organizations.addMember.mutate({ organizationId, actorId: colleague.id });
  await ada.client.members.add.mutate({ projectId, actorId: organizationId, role: 'developer' });
});
afterAll(() => server.close());

describe('who can', () => {
  test('names the people with the roles by which they may, in the order in which they joined', async () => {
    const answer = await ask('jobs.cancel', projectId);
    expect(answer).toMatchObject({ everyone: null, nextCursor: null });
    expect(answer.items).toEqual([
      {
        actor: { id: admin.id, username: admin.username, name: 'Admin', actorType: 'person' },
        roles: [{ role: 'admin', via: 'everywhere' }],
      },
      {
        actor: { id: ada.id, username: ada.username, name: 'Ada', actorType: 'person' },
        roles: [
          { role: 'owner', via: 'direct' },
          {
            role: 'developer',
            via: 'organization',
            organization: expect.objectContaining({ username: 'guild', actorType: 'organization' }),
          },
        ],
      },
      {
        actor: { id: colleague.id, username: colleague.username, name: 'Colleague', actorType: 'person' },
        roles: [expect.objectContaining({ role: 'developer', via: 'organization' })],
      },
    ]);
    expect(namesOf(await ask('members.list', projectId))).toContain(bob.username);
  });

  test('says when everyone may, signed in or not, beside those who have a role for it', async () => {
    expect(await ask('auth.login')).toMatchObject({ everyone: 'anonymous' });
    expect(await ask('projects.create')).toMatchObject({ everyone: 'authenticated' });
    const { id } = await ada.client.projects.create.mutate({ name: 'Open', visibility: 'public' });
    const open = await ask('threads.list', id);
    expect(open.everyone).toBe('authenticated');
    expect(namesOf(open)).toEqual([admin.username, ada.username]);
    expect((await ask('comments.add', id)).everyone).toBeNull();
  });

  test('leaves out whom a rule denies it, who is suspended, and everybody in a deleted project', async () => {
    const carl = await server.person('Carl');
    const dora = await server.person('Dora');
    const { id } = await ada.client.projects.create.mutate({ name: 'Strict' });
    for (const { id: actorId } of [carl, dora])
      await ada.client.members.add.mutate({ projectId: id, actorId, role: 'editor' });
    expect(namesOf(await ask('comments.add', id))).toEqual(
      [admin, ada, carl, dora].map((one) => one.username),
    );
    await change(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:mute', 'comments', 'add', 'deny')`,
    );
    await change(
      `insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, 'role:mute', $2)`,
      `user:${carl.id}`,
      `project:${id}`,
    );
    await admin.client.actors.suspend.mutate({ actorId: dora.id });
    expect(namesOf(await ask('comments.add', id))).toEqual([admin, ada].map((one) => one.username));
    await ada.client.projects.delete.mutate({ projectId: id });
    expect(await ask('comments.add', id)).toEqual({ everyone: null, items: [], nextCursor: null });
    expect(namesOf(await ask('projects.restore', id))).toEqual([admin, ada].map((one) => one.username));
  });

  test('of a procedure outside projects counts roles held everywhere alone', async () => {
    expect(namesOf(await ask('actors.suspend', projectId))).toEqual([admin.username]);
    expect(namesOf(await ask('jobs.cancel'))).toEqual([admin.username]);
  });

  test('comes in pages that follow one another without a gap', async () => {
    const { id } = await ada.client.projects.create.mutate({ name: 'Crowded' });
    const joined: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      const someone = await server.person('Someone');
      joined.push(someone.username);
      await ada.client.members.add.mutate({ projectId: id, actorId: someone.id, role: 'editor' });
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof ask>> = await admin.client.policies.whoCan.query({
        permission: 'comments.add',
        projectId: id,
        cursor,
        limit: 2,
      });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...namesOf(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([admin.username, ada.username, ...joined]);
  });

  test('knows no project that there is not, and no permission either', async () => {
    expect((await failureOf(ask('comments.add', randomUUID()))).code).toBe('NOT_FOUND');
    expect((await failureOf(ask('comments.fly', projectId))).code).toBe('BAD_INPUT');
  });

  test('answers of every random world as every single decision does', async () => {
    await using other = await startServer();
    const { reads } = other.tessera.services;
    const authorizer = new Authorizer(reads, { sessionIdleDays: 30 });
    const found = { may: 0, mayNot: 0, everyone: new Set<string | null>() };
    await fc.assert(
      fc.asyncProperty(worldPlan, async (plan) => {
        const world = await storeWorld(reads, plan);
        for (const place of [...world.projects.map(({ id }) => id), null]) {
          for (const permission of ['projects.get', 'threads.list', 'projects.restore']) {
            const question = { permission, projectId: place, after: null, limit: 1000 };
            const { everyone, items } = await whoCan({ reads, authorizer }, question);
            const listed = new Set(items.map(({ actor }) => actor.id));
            found.everyone.add(everyone);
            const signedOut = await authorizer.access(null, place);
            expect(everyone === 'anonymous').toBe(signedOut.can(permission));
            for (const { id, token } of world.people) {
              const access = await authorizer.access(hashTokenAsText(token), place);
              const may = access.caller !== null && access.can(permission);
              // Whoever may without being listed may because everyone may.
              if (listed.has(id) || everyone === null) expect(listed.has(id)).toBe(may);
              if (may && !listed.has(id)) expect(everyone).not.toBeNull();
              found[may ? 'may' : 'mayNot'] += 1;
            }
          }
        }
      }),
      { numRuns: 25 },
    );
    expect(Math.min(found.may, found.mayNot)).toBeGreaterThan(100);
    expect(found.everyone).toEqual(new Set(['anonymous', 'authenticated', null]));
  });
});
