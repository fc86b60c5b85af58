import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { add, applyNow, expectNothingChanged, permission, policyOf, remove } from '../support/policy.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await startServer({ services: new Set(['api']) });
  admin = await server.admin();
});
afterAll(() => server.close());

const apply = (...changes: ReturnType<typeof add>) => applyNow(server, admin, changes);

describe('propose', () => {
  test('tells what apply would do and whom it would concern, and does nothing', async () => {
    await expectNothingChanged(server, async () => {
      const { epoch: baseEpoch } = await policyOf(server);
      const fresh = permission('viewer', 'threads.create');
      const there = permission('viewer', 'members.list');
      const gone = permission('editor', 'threads.create');
      const proposal = await admin.client.policies.propose.mutate({
        changes: [...add(fresh, there), ...remove(gone)],
        baseEpoch,
      });
      expect(proposal).toMatchObject({
        epoch: baseEpoch,
        added: [fresh],
        removed: [gone],
        unchanged: [there],
        refusals: [],
      });
      expect(proposal.cells).toEqual([
        { role: 'editor', permission: 'threads.create', before: 'own', after: 'inherited' },
        { role: 'viewer', permission: 'threads.create', before: 'none', after: 'own' },
      ]);
    });
  });

  test('lists every refusal instead of failing with the first', async () => {
    await expectNothingChanged(server, async () => {
      const { epoch } = await policyOf(server);
      const { refusals } = await admin.client.policies.propose.mutate({
        changes: [
          ...add(permission('emperor', 'threads.create'), permission('admin', 'auth.me', 'deny')),
          ...remove(
            permission('anonymous', 'auth.login'),
            permission('admin', '*.*'),
            permission('admin', 'policies.apply'),
          ),
        ],
        baseEpoch: epoch - 1,
      });
      expect(refusals.map(({ code }) => code)).toEqual([
        'POLICY_STALE',
        'POLICY_RULE_REFUSED',
        'POLICY_FLOOR',
        'POLICY_FLOOR',
        'LAST_ADMIN',
      ]);
      expect(refusals[2]?.message).toContain('everyone who is signed out from auth.login');
      expect(refusals[3]?.message).toContain('everyone with the role admin from auth.me');
      for (const { remedy } of refusals) expect(remedy).toMatch(/\w/);
    });
  });

  test('what it refuses, apply refuses', async () => {
    const hostile = [
      remove(permission('anonymous', 'auth.login')),
      remove(permission('authenticated', 'auth.logout')),
      add(permission('authenticated', 'auth.me', 'deny')),
      add(permission('owner', 'auth.me', 'deny')),
      add(permission('admin', 'policies.apply', 'deny')),
    ];
    await expectNothingChanged(server, async () => {
      const { epoch: baseEpoch } = await policyOf(server);
      for (const changes of hostile) {
        const { refusals } = await admin.client.policies.propose.mutate({ changes, baseEpoch });
        const failure = await failureOf(apply(...changes));
        expect([failure.code, failure.message]).toEqual([refusals[0]?.code, refusals[0]?.message]);
        expect(['POLICY_FLOOR', 'LAST_ADMIN']).toContain(failure.code);
      }
    });
  });
});

describe('propose counts people', () => {
  let own: TestServer;
  let boss: Person;
  beforeAll(async () => {
    own = await startServer({ services: new Set(['api']) });
    boss = await own.admin();
  });
  afterAll(() => own.close());

  const count = async (...changes: ReturnType<typeof add>) => {
    const { epoch: baseEpoch } = await policyOf(own);
    return (await boss.client.policies.propose.mutate({ changes, baseEpoch })).people;
  };

  test('in person, through organizations and in public projects, once each, as far as they can act', async () => {
    const [ada, bob, eve, zoe] = [
      await own.person('Ada'),
      await own.person('Bob'),
      await own.person('Eve'),
      await own.person('Zoe'),
    ];
    // Everyone: Ada, Bob, Eve, Zoe and the administrator, who has all rights whatever else is given.
    expect(await count(...add(permission('user', 'audit.list')))).toBe(0);
    const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Counted' });
    expect(await count(...add(permission('user', 'audit.list')))).toBe(3);
    expect(await count(...add(permission('viewer', 'audit.list')))).toBe(0);

    await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'viewer' });
    expect(await count(...add(permission('viewer', 'audit.list')))).toBe(1);
    // The same viewer in a second project is no second person.
    const second = await ada.client.projects.create.mutate({ name: 'Second' });
    await ada.client.members.add.mutate({ projectId: second.id, actorId: bob.id, role: 'viewer' });
    expect(await count(...add(permission('viewer', 'audit.list')))).toBe(1);

    const guild = await eve.client.organizations.create.mutate({ name: 'Guild', username: 'guild' });
    await ada.client.members.add.mutate({ projectId, actorId: guild.id, role: 'viewer' });
    expect(await count(...add(permission('viewer', 'audit.list')))).toBe(2);
    await boss.client.actors.suspend.mutate({ actorId: guild.id });
    expect(await count(...add(permission('viewer', 'audit.list')))).toBe(1);
    await boss.client.actors.unsuspend.mutate({ actorId: guild.id });

    // Guests are there where a project is public, and only for what is called in projects.
    expect(await count(...add(permission('guest', 'audit.list')))).toBe(2);
    await ada.client.projects.update.mutate({ projectId: second.id, visibility: 'public' });
    expect(await count(...add(permission('guest', 'audit.list')))).toBe(3);
    expect(await count(...add(permission('guest', 'policies.matrix')))).toBe(0);
    expect(await count(...remove(permission('guest', 'projects.get')))).toBe(4);

    await boss.client.actors.suspend.mutate({ actorId: zoe.id });
    expect(await count(...add(permission('guest', 'audit.list')))).toBe(2);
    await boss.client.actors.unsuspend.mutate({ actorId: zoe.id });

    // Ada has it as an owner either way; in a deleted project nothing is left but to restore it.
    expect(
      await count(...remove(permission('manager', 'audit.list')), ...add(permission('owner', 'audit.list'))),
    ).toBe(0);
    expect(await count(...remove(permission('manager', 'audit.list')))).toBe(1);
    await ada.client.projects.delete.mutate({ projectId });
    await ada.client.projects.delete.mutate({ projectId: second.id });
    expect(await count(...remove(permission('manager', 'audit.list')))).toBe(0);
    expect(await count(...add(permission('guest', 'audit.list')))).toBe(0);
    expect(await count(...remove(permission('owner', 'projects.restore')))).toBe(1);
    expect(await count(...add(permission('viewer', 'projects.restore')))).toBe(2);

    // What is called outside any project depends on no project.
    expect(await count(...remove(permission('user', 'projects.create')))).toBe(4);
    expect(await count(...add(permission('admin', 'projects.create', 'deny')))).toBe(1);
    expect(await count(...add(permission('anonymous', 'projects.create')))).toBe(0);
  });
});
