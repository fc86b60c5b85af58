import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PolicyRule } from '../../src/authz/PolicyRule.ts';
import { failureOf } from '../support/failure.ts';
import {
  add,
  applyNow,
  expectNothingChanged,
  inheritance,
  permission,
  policyOf,
  remove,
} from '../support/policy.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { type Blocker, openBlocker } from '../support/openBlocker.ts';
import { untilWaiting } from '../support/untilWaiting.ts';

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await startServer({ services: new Set(['api']) });
  admin = await server.admin();
});
afterAll(() => server.close());

const apply = (...changes: ReturnType<typeof add>) => applyNow(server, admin, changes);

let made = 0;
/** Makes somebody with a system role of their own that permits this. */
async function makeHolder(...names: string[]): Promise<{ person: Person; role: string }> {
  made += 1;
  const role = `holder${made}`;
  await admin.client.roles.create.mutate({ name: role, scope: 'system' });
  await apply(...add(...names.map((name) => permission(role, name))));
  const person = await server.person('Holder');
  await admin.client.roles.assign.mutate({ actorId: person.id, role });
  return { person, role };
}

async function refusalOf(call: () => Promise<unknown>): Promise<string> {
  let code = '';
  await expectNothingChanged(server, async () => {
    code = (await failureOf(call())).code;
  });
  return code;
}

const removeRule = (blocker: Blocker, role: string, object: string) =>
  blocker.query(`delete from casbin_rules where ptype = 'p' and v0 = $1 and v1 = $2`, [
    `role:${role}`,
    object,
  ]);

describe('an editor whose rights are limited', () => {
  let editor: Person;
  const edit = (...changes: ReturnType<typeof add>) => applyNow(server, editor, changes);
  beforeAll(async () => {
    ({ person: editor } = await makeHolder('policies.*', 'roles.*', 'comments.*'));
  });

  test('takes from nobody, by whatever rule, what they do not hold', async () => {
    await admin.client.roles.create.mutate({ name: 'deputy', scope: 'system', inherits: ['admin'] });
    await admin.client.roles.create.mutate({ name: 'warden', scope: 'system' });
    const hostile = [
      remove(permission('admin', '*.*')),
      remove(permission('admin', 'actors.unsuspend')),
      add(permission('warden', 'actors.*', 'deny')),
      add(permission('user', 'actors.unsuspend', 'deny')),
      add(permission('anonymous', 'audit.system', 'deny')),
      remove(inheritance('deputy', 'admin')),
      remove(inheritance('owner', 'manager')),
    ];
    for (const changes of hostile)
      expect(await refusalOf(() => edit(...changes)), JSON.stringify(changes)).toBe('GRANT_EXCEEDS_OWN');
    for (const name of ['deputy', 'warden']) await admin.client.roles.delete.mutate({ name });
    const denial = add(permission('admin', 'actors.*', 'deny'));
    expect(await refusalOf(() => edit(...denial))).toBe('GRANT_EXCEEDS_OWN');
  });

  test('is told whether it is to be given or taken, and which rule it is about', async () => {
    const failure = await failureOf(edit(...remove(permission('admin', '*.*'))));
    expect(failure.message).toContain('removing the rule p, role:admin, *, *, allow goes beyond');
  });

  test('does so neither by a rollback, an import nor the deletion of a role', async () => {
    const { epoch } = await policyOf(server);
    await admin.client.roles.create.mutate({ name: 'auditor', scope: 'system' });
    await apply(...add(permission('auditor', 'audit.system')));
    const { policy, epoch: baseEpoch } = await admin.client.policies.export.query({});
    const without = policy
      .split('\n')
      .filter((line) => !line.startsWith('p, role:admin, *, *'))
      .join('\n');
    expect(without).not.toBe(policy);
    const { policies, roles } = editor.client;
    const calls = [
      () => policies.rollback.mutate({ epoch, reason: 'back' }),
      () => policies.import.mutate({ policy: without, baseEpoch, reason: 'smaller' }),
      () => roles.delete.mutate({ name: 'auditor' }),
    ];
    for (const call of calls) expect(await refusalOf(call)).toBe('GRANT_EXCEEDS_OWN');
  });

  test('gives, takes and denies what they hold, and takes that denial back', async () => {
    const denial = permission('user', 'comments.*', 'deny');
    expect((await edit(...add(denial))).added).toEqual([denial]);
    expect((await edit(...remove(denial))).removed).toEqual([denial]);
  });

  test('lifts no denial of what was never theirs', async () => {
    const denial = permission('user', 'stars.list', 'deny');
    const webhooks = permission('user', 'webhooks.*', 'deny');
    await apply(...add(denial, webhooks));
    expect(await refusalOf(() => edit(...remove(webhooks)))).toBe('GRANT_EXCEEDS_OWN');
    await apply(...remove(denial, webhooks));
  });

  test('is no administrator beside whom the last one may go', async () => {
    await using own = await startServer({ services: new Set(['api']) });
    const [chief, other] = [await own.admin(), await own.person('Other')];
    await chief.client.roles.create.mutate({ name: 'steward', scope: 'system' });
    const rights = ['policies.*', 'roles.*', 'actors.suspend'].map((name) => permission('steward', name));
    await applyNow(own, chief, add(...rights));
    await chief.client.roles.assign.mutate({ actorId: other.id, role: 'steward' });
    const suspend = (by: Person) => by.client.actors.suspend.mutate({ actorId: chief.id });
    expect((await failureOf(suspend(other))).code).toBe('GRANT_EXCEEDS_OWN');
    expect((await failureOf(suspend(chief))).code).toBe('LAST_ADMIN');
    const demote = () =>
      applyNow(own, chief, remove(permission('admin', '*.*'), permission('admin', 'actors.unsuspend')));
    expect((await failureOf(demote())).code).toBe('LAST_ADMIN');
    await applyNow(own, chief, add(permission('steward', 'actors.unsuspend')));
    await suspend(chief);
    await other.client.actors.unsuspend.mutate({ actorId: chief.id });
  });
});

describe('a denial that hits who made it', () => {
  const mistakes: [string, PolicyRule[]][] = [
    ['everyone', [permission('user', 'stars.*', 'deny')]],
    ['anonymous people too', [permission('anonymous', 'search.query', 'deny')]],
    ['their own role', [permission('admin', 'stars.*', 'deny')]],
    [
      'several at once',
      ['user', 'authenticated', 'admin'].map((role) => permission(role, 'stars.list', 'deny')),
    ],
  ];
  test.each(mistakes)('is taken back: %s', async (_, rules) => {
    const { epoch } = await policyOf(server);
    await apply(...add(...rules));
    await apply(...add(permission('viewer', 'comments.add')));
    for (const rule of rules) expect((await apply(...remove(rule))).removed).toEqual([rule]);
    await apply(...add(...rules));
    await admin.client.policies.rollback.mutate({ epoch, reason: 'a mistake' });
  });
});

describe('a right that is being taken away', () => {
  test('is not given back by who loses it, however the calls meet', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { person, role } = await makeHolder('policies.*', 'webhooks.*');
      const rule = permission(role, 'webhooks.*');
      const { epoch: baseEpoch } = await policyOf(server);
      const guess = (epoch: number) =>
        server
          .connect(person.token)
          .policies.apply.mutate({ changes: add(rule), baseEpoch: epoch, reason: 'mine' });
      const outcomes = await Promise.allSettled([
        admin.client.policies.apply.mutate({ changes: remove(rule), baseEpoch, reason: 'no more' }),
        guess(baseEpoch + 1),
        guess(baseEpoch + 1),
        guess(baseEpoch + 1),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
      expect((await policyOf(server)).lines).not.toContain(`p, role:${role}, webhooks, *, allow`);
    }
  });

  test('is not given back by who waits for the removal and knows the epoch to come', async () => {
    const { person, role } = await makeHolder('policies.*', 'webhooks.*');
    const { epoch } = await policyOf(server);
    await using blocker = await openBlocker(server);
    await blocker.query(`select pg_advisory_xact_lock(hashtextextended('tessera policy', 0))`);
    const changes = add(permission(role, 'webhooks.*'));
    const call = failureOf(
      person.client.policies.apply.mutate({ changes, baseEpoch: epoch + 1, reason: 'mine' }),
    );
    await untilWaiting(server);
    await removeRule(blocker, role, 'webhooks');
    await blocker.query('commit');
    expect((await call).code).toBe('GRANT_EXCEEDS_OWN');
    expect((await policyOf(server)).epoch).toBe(epoch + 1);
  });

  test('is not given on by a role that is held everywhere', async () => {
    const { person, role } = await makeHolder('roles.assign', 'webhooks.*');
    const { role: wider } = await makeHolder('webhooks.*');
    const friend = await server.person('Friend');
    await using blocker = await openBlocker(server);
    await blocker.query(`select pg_advisory_xact_lock(hashtextextended('tessera policy', 0))`);
    const give = () => person.client.roles.assign.mutate({ actorId: friend.id, role: wider });
    const call = failureOf(give());
    await untilWaiting(server);
    await removeRule(blocker, role, 'webhooks');
    await blocker.query('commit');
    const failure = await call;
    expect([failure.code, failure.message]).toEqual(['CONFLICT', expect.stringContaining('policy')]);
    expect((await failureOf(give())).code).toBe('GRANT_EXCEEDS_OWN');
    expect((await friend.client.auth.me.query({})).systemRoles).toEqual(['user']);
  });

  test('is not given on by a role of projects that comes to allow more meanwhile', async () => {
    const [owner, manager, friend] = [
      await server.person('Owner'),
      await server.person('Manager'),
      await server.person('Friend'),
    ];
    const { id: projectId } = await owner.client.projects.create.mutate({ name: 'Held' });
    await owner.client.members.add.mutate({ projectId, actorId: manager.id, role: 'manager' });
    await using blocker = await openBlocker(server);
    await blocker.query('select from streams where stream = $1 for update', [`project:${projectId}`]);
    const give = () => manager.client.members.add.mutate({ projectId, actorId: friend.id, role: 'viewer' });
    const call = failureOf(give());
    await untilWaiting(server);
    await blocker.query(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:viewer', 'projects', 'delete', 'allow')`,
    );
    await blocker.query('commit');
    expect((await call).code).toBe('CONFLICT');
    await apply(...remove(permission('viewer', 'projects.delete')));
    await give();
  });
});

describe('a role of projects that denies', () => {
  let owner: Person;
  let manager: Person;
  let projectId: string;
  let organizationId: string;
  const denying = 'muted';
  const roleOf = async (actorId: string) => {
    const { items } = await owner.client.members.list.query({ projectId });
    return items.find(({ actor }) => actor.id === actorId)?.role;
  };
  beforeAll(async () => {
    await admin.client.roles.create.mutate({ name: denying, scope: 'project', inherits: ['viewer'] });
    await apply(...add(permission(denying, 'members.*', 'deny')));
  });
  beforeEach(async () => {
    owner = await server.person('Owner');
    manager = await server.person('Manager');
    ({ id: projectId } = await owner.client.projects.create.mutate({ name: 'Contested' }));
    await owner.client.members.add.mutate({ projectId, actorId: manager.id, role: 'manager' });
    ({ id: organizationId } = await manager.client.organizations.create.mutate({
      name: 'Trap',
      username: `trap-${manager.username}`,
    }));
    await manager.client.organizations.addMember.mutate({ organizationId, actorId: owner.id });
  });

  test('is given to no organization, neither at first nor later, by whomever', async () => {
    for (const { client } of [manager, owner]) {
      const failure = await failureOf(
        client.members.add.mutate({ projectId, actorId: organizationId, role: denying }),
      );
      expect(failure.code).toBe('ROLE_DENIES');
      expect(failure.message).toContain(denying);
    }
    await manager.client.members.add.mutate({ projectId, actorId: organizationId, role: 'viewer' });
    const change = manager.client.members.setRole.mutate({
      projectId,
      actorId: organizationId,
      role: denying,
    });
    expect((await failureOf(change)).code).toBe('ROLE_DENIES');
    expect(await roleOf(organizationId)).toBe('viewer');
    await owner.client.members.remove.mutate({ projectId, actorId: manager.id });
  });

  test('is given to persons, but not to who has by another way what the giver has not', async () => {
    const [boss, friend] = [await server.person('Boss'), await server.person('Friend')];
    const { id: guild } = await boss.client.organizations.create.mutate({
      name: 'Guild',
      username: `guild-${boss.username}`,
    });
    await owner.client.members.add.mutate({ projectId, actorId: guild, role: 'owner' });
    const mute = ({ id: actorId }: Person) =>
      manager.client.members.add.mutate({ projectId, actorId, role: denying });
    for (const somebody of [boss, admin])
      expect((await failureOf(mute(somebody))).code).toBe('GRANT_EXCEEDS_OWN');
    await mute(friend);
    expect(await roleOf(friend.id)).toBe(denying);
    const depose = manager.client.members.setRole.mutate({ projectId, actorId: owner.id, role: denying });
    expect((await failureOf(depose)).code).toBe('GRANT_EXCEEDS_OWN');
  });
});
