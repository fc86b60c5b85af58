import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { add, applyNow, inheritance, permission, policyOf } from '../support/policy.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let admin: Person;
let other: Person;

beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  other = await server.person('Other');
});
afterAll(() => server.close());

let made = 0;
/** A role of a name of its own. */
async function makeRole(input: { scope?: 'system' | 'project'; inherits?: string[] } = {}): Promise<string> {
  made += 1;
  const { name } = await admin.client.roles.create.mutate({
    name: `role-${made}`,
    scope: 'project',
    ...input,
  });
  return name;
}

describe('making a role', () => {
  test('answers what it is, and gives it what it inherits', async () => {
    const id = '01a1fb00-0000-7000-8000-00000000abcd';
    const role = await admin.client.roles.create.mutate({
      id,
      name: 'translator',
      scope: 'project',
      description: 'Translates.\nAnd reads.',
      inherits: ['viewer'],
    });
    expect(role).toMatchObject({
      id,
      name: 'translator',
      scope: 'project',
      description: 'Translates.\nAnd reads.',
      isBuiltin: false,
      inherits: ['viewer'],
      holders: 0,
    });
    expect(await admin.client.roles.get.query({ name: 'translator' })).toEqual(role);
    expect((await policyOf(server)).lines).toContain('g, role:translator, role:viewer, *');
    const [newest] = (await admin.client.policies.history.query({ limit: 1 })).items;
    expect(newest).toMatchObject({
      actor: { id: admin.id },
      reason: 'made the role translator',
      added: [inheritance('translator', 'viewer')],
    });
  });

  test('without anything inherited moves no epoch', async () => {
    const { epoch } = await policyOf(server);
    const name = await makeRole();
    expect((await admin.client.roles.get.query({ name })).inherits).toEqual([]);
    expect((await policyOf(server)).epoch).toBe(epoch);
  });

  test.each(['anonymous', 'authenticated', 'guest', 'admin', 'user', 'owner', 'viewer', 'translator'])(
    'called %s is refused: the name is taken',
    async (name) => {
      const call = admin.client.roles.create.mutate({ name, scope: 'system' });
      expect((await failureOf(call)).code).toBe('ROLE_NAME_TAKEN');
    },
  );

  test('of the same name twice at once makes one', async () => {
    const clients = [server.connect(admin.token), server.connect(admin.token)];
    const outcomes = await Promise.all(
      clients.map((client) =>
        client.roles.create.mutate({ name: 'twin', scope: 'project', inherits: ['viewer'] }).then(
          () => 'made',
          async (error: unknown) => (await failureOf(Promise.reject(error as Error))).code,
        ),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['ROLE_NAME_TAKEN', 'made']);
  });

  test('whose name stands in a rule already is refused, for nobody gave it that rule', async () => {
    const { reads } = server.tessera.services;
    await reads.query(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:ghost', '*', '*', 'allow')`,
    );
    const call = admin.client.roles.create.mutate({ name: 'ghost', scope: 'system' });
    expect((await failureOf(call)).code).toBe('ROLE_NAME_TAKEN');
    const { roles } = await admin.client.policies.matrix.query({});
    expect(roles.find(({ name }) => name === 'ghost')).toMatchObject({ scope: 'unregistered' });
    await reads.query(`delete from casbin_rules where v0 = 'role:ghost'`);
  });

  test.each([
    ['Translator', 'name'],
    ['9lives', 'name'],
    ['x'.repeat(51), 'name'],
    ['a,b', 'name'],
    ['like:a', 'name'],
  ])('called %s is no name', async (name, field) => {
    const failure = await failureOf(admin.client.roles.create.mutate({ name, scope: 'project' }));
    expect([failure.code, Object.keys(failure.fields)]).toEqual(['BAD_INPUT', [field]]);
  });

  test('that inherits what it may not leaves nothing behind', async () => {
    const call = admin.client.roles.create.mutate({ name: 'odd', scope: 'project', inherits: ['admin'] });
    expect((await failureOf(call)).code).toBe('POLICY_RULE_REFUSED');
    expect((await failureOf(admin.client.roles.get.query({ name: 'odd' }))).code).toBe('NOT_FOUND');
  });

  test('is for administrators', async () => {
    const { client } = other;
    for (const call of [
      () => client.roles.create.mutate({ name: 'mine', scope: 'system' }),
      () => client.roles.update.mutate({ name: 'viewer', description: 'Mine.' }),
      () => client.roles.delete.mutate({ name: 'twin' }),
      () => client.roles.assign.mutate({ actorId: other.id, role: 'admin' }),
      () => client.roles.unassign.mutate({ actorId: admin.id }),
    ])
      expect((await failureOf(call())).code).toBe('FORBIDDEN');
  });
});

describe('looking at roles', () => {
  test('pages through all of them in the order they were made', async () => {
    const names: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const found: { items: { name: string }[]; nextCursor: string | null } =
        await other.client.roles.list.query({ ...(cursor ? { cursor } : {}), limit: 3 });
      names.push(...found.items.map(({ name }) => name));
      cursor = found.nextCursor;
    }
    expect(names.slice(0, 8)).toEqual([
      'admin',
      'user',
      'owner',
      'manager',
      'developer',
      'editor',
      'viewer',
      'translator',
    ]);
    expect(new Set(names).size).toBe(names.length);
    const { items } = await other.client.roles.list.query({ scope: 'system' });
    expect(items.filter(({ isBuiltin }) => isBuiltin).map(({ name }) => name)).toEqual(['admin', 'user']);
  });

  test('tells how many hold one only to who may give them', async () => {
    const { id: projectId } = await other.client.projects.create.mutate({ name: 'Held' });
    await other.client.members.add.mutate({ projectId, actorId: admin.id, role: 'translator' });
    const held = async (person: Person) =>
      (await person.client.roles.get.query({ name: 'translator' })).holders;
    expect(await held(admin)).toBe(1);
    expect(await held(other)).toBeNull();
    const { items } = await other.client.roles.list.query({});
    expect(items.map(({ holders }) => holders)).toEqual(items.map(() => null));
    const counted = (await admin.client.roles.list.query({})).items;
    expect(counted.find(({ name }) => name === 'admin')?.holders).toBe(1);
    expect(counted.find(({ name }) => name === 'user')?.holders).toBeGreaterThanOrEqual(1);
  });

  test('needs one that there is', async () => {
    expect((await failureOf(other.client.roles.get.query({ name: 'emperor' }))).code).toBe('NOT_FOUND');
    const call = admin.client.roles.update.mutate({ name: 'emperor', description: '' });
    expect((await failureOf(call)).code).toBe('NOT_FOUND');
  });
});

test('a description is changed, also of a built-in role, and that is audited', async () => {
  const changed = await admin.client.roles.update.mutate({ name: 'viewer', description: 'Looks.' });
  expect(changed).toMatchObject({ name: 'viewer', description: 'Looks.', inherits: ['guest'] });
  const { rows } = await server.tessera.services.reads.query(
    `select changes from audit_logs where entity_type = 'roles' and entity_id = $1 and action = 'update'`,
    [changed.id],
  );
  expect(rows).toEqual([{ changes: { description: { old: 'Reads.', new: 'Looks.' } } }]);
});

describe('a role of one’s own', () => {
  test('is given in projects like any other, and permits what its rules say', async () => {
    const reviewer = await makeRole({ inherits: ['viewer'] });
    const { id: projectId } = await other.client.projects.create.mutate({ name: 'Reviewed' });
    const member = await server.person('Member');
    await other.client.members.add.mutate({ projectId, actorId: member.id, role: reviewer });
    await member.client.members.list.query({ projectId });
    const write = () =>
      member.client.threads.create.mutate({
        projectId,
        subjectType: 'project',
        subjectId: projectId,
        body: 'Hm.',
      });
    expect((await failureOf(write())).code).toBe('FORBIDDEN');
    await applyNow(server, admin, add(permission(reviewer, 'threads.create')));
    await write();
    await applyNow(server, admin, add(permission(reviewer, 'threads.list', 'deny')));
    expect((await failureOf(member.client.threads.list.query({ projectId }))).code).toBe('FORBIDDEN');

    const second = await makeRole({ inherits: ['viewer'] });
    const changed = await other.client.members.setRole.mutate({
      projectId,
      actorId: member.id,
      role: second,
    });
    expect(changed.role).toBe(second);
    await member.client.threads.list.query({ projectId });
    expect((await failureOf(write())).code).toBe('FORBIDDEN');
    const { items } = await other.client.members.list.query({ projectId });
    expect(items.find(({ actor }) => actor.id === member.id)?.role).toBe(second);
  });

  test('of the system is not given in projects, nor one of projects everywhere', async () => {
    const [system, project] = [await makeRole({ scope: 'system' }), await makeRole()];
    const { id: projectId } = await other.client.projects.create.mutate({ name: 'Scoped' });
    const give = other.client.members.add.mutate({ projectId, actorId: admin.id, role: system });
    expect((await failureOf(give)).code).toBe('ROLE_UNKNOWN');
    const assign = admin.client.roles.assign.mutate({ actorId: other.id, role: project });
    const failure = await failureOf(assign);
    expect(failure.code).toBe('ROLE_UNKNOWN');
    expect(failure.remedy).toContain('admin, ');
  });

  test('that exceeds what an owner has is not theirs to give', async () => {
    const strong = await makeRole({ inherits: ['owner'] });
    await applyNow(server, admin, add(permission(strong, 'policies.matrix')));
    const { id: projectId } = await other.client.projects.create.mutate({ name: 'Exceeded' });
    const call = other.client.members.add.mutate({ projectId, actorId: admin.id, role: strong });
    expect((await failureOf(call)).code).toBe('GRANT_EXCEEDS_OWN');
  });
});

describe('deleting a role', () => {
  test('takes all of its rules along, also those by which others inherit it', async () => {
    const [base, heir] = [await makeRole({ inherits: ['viewer'] }), await makeRole()];
    await applyNow(server, admin, add(permission(base, 'audit.list'), inheritance(heir, base)));
    const deleted = await admin.client.roles.delete.mutate({ name: base });
    expect(deleted).toMatchObject({ name: base, holders: 0, inherits: [] });
    expect((await policyOf(server)).lines.filter((line) => line.includes(`role:${base},`))).toEqual([]);
    expect((await admin.client.roles.get.query({ name: heir })).inherits).toEqual([]);
    expect((await failureOf(admin.client.roles.get.query({ name: base }))).code).toBe('NOT_FOUND');
    const [newest] = (await admin.client.policies.history.query({ limit: 1 })).items;
    expect(newest).toMatchObject({ reason: `deleted the role ${base}`, added: [] });
    expect(newest?.removed).toHaveLength(3);
  });

  test('that is built in is refused', async () => {
    for (const name of ['admin', 'user', 'owner', 'viewer'])
      expect((await failureOf(admin.client.roles.delete.mutate({ name }))).code).toBe('ROLE_BUILTIN');
  });

  test('that somebody holds is refused, and says how many', async () => {
    const name = await makeRole({ inherits: ['viewer'] });
    const projects = await Promise.all(
      ['One', 'Two'].map((title) => other.client.projects.create.mutate({ name: title })),
    );
    for (const { id: projectId } of projects)
      await other.client.members.add.mutate({ projectId, actorId: admin.id, role: name });
    const lines = (await policyOf(server)).lines;
    const failure = await failureOf(admin.client.roles.delete.mutate({ name }));
    expect(failure.code).toBe('ROLE_IN_USE');
    expect(failure.message).toContain('holders: 2');
    expect((await policyOf(server)).lines).toEqual(lines);

    const system = await makeRole({ scope: 'system' });
    const person = await server.person('Holder');
    await admin.client.roles.assign.mutate({ actorId: person.id, role: system });
    expect((await failureOf(admin.client.roles.delete.mutate({ name: system }))).message).toContain(
      'holders: 1',
    );
    await admin.client.roles.unassign.mutate({ actorId: person.id });
    await admin.client.roles.delete.mutate({ name: system });
  });

  test('while it is being given leaves either no role or a member who has it', async () => {
    const rival = server.connect(admin.token);
    for (let round = 0; round < 8; round += 1) {
      const name = await makeRole({ inherits: ['viewer'] });
      const { id: projectId } = await other.client.projects.create.mutate({ name: `Raced ${round}` });
      const [given, deleted] = await Promise.allSettled([
        other.client.members.add.mutate({ projectId, actorId: admin.id, role: name }),
        rival.roles.delete.mutate({ name }),
      ]);
      expect([given.status, deleted.status].toSorted()).toEqual(['fulfilled', 'rejected']);
      const lost = [given, deleted].find((outcome) => outcome.status === 'rejected');
      const { code } = await failureOf(Promise.reject(lost?.reason as Error));
      expect(given.status === 'fulfilled' ? ['ROLE_IN_USE'] : ['ROLE_UNKNOWN', 'NOT_FOUND']).toContain(code);
      const { rows } = await server.tessera.services.reads.query(
        `select from casbin_rules where v1 = $1 and v0 like 'user:%'`,
        [`role:${name}`],
      );
      expect(rows).toHaveLength(given.status === 'fulfilled' ? 1 : 0);
    }
  });
});

describe('roles that are held everywhere', () => {
  test('are given and taken at once, one in place of the other', async () => {
    const [auditor, helper] = [await makeRole({ scope: 'system' }), await makeRole({ scope: 'system' })];
    await applyNow(
      server,
      admin,
      add(permission(auditor, 'policies.history'), permission(helper, 'policies.matrix')),
    );
    const person = await server.person('Person');
    const rulesOf = async () =>
      (
        await server.tessera.services.reads.query<{ v1: string }>(
          `select v1 from casbin_rules where v0 = $1 and v2 = '*'`,
          [`user:${person.id}`],
        )
      ).rows.map(({ v1 }) => v1);
    const account = await admin.client.roles.assign.mutate({ actorId: person.id, role: auditor });
    expect(account).toMatchObject({ id: person.id, systemRoles: ['user', auditor] });
    expect(await rulesOf()).toEqual([`role:${auditor}`]);
    await person.client.policies.history.query({});
    await admin.client.roles.assign.mutate({ actorId: person.id, role: helper });
    expect(await rulesOf()).toEqual([`role:${helper}`]);
    await person.client.policies.matrix.query({});
    expect((await failureOf(person.client.policies.history.query({}))).code).toBe('FORBIDDEN');
    const bare = await admin.client.roles.unassign.mutate({ actorId: person.id });
    expect(bare.systemRoles).toEqual(['user']);
    expect(await rulesOf()).toEqual([]);
    expect((await failureOf(person.client.policies.matrix.query({}))).code).toBe('FORBIDDEN');
    expect((await admin.client.roles.unassign.mutate({ actorId: person.id })).systemRoles).toEqual(['user']);
  });

  test('are given to people only', async () => {
    const { id } = await other.client.organizations.create.mutate({ name: 'Guild', username: 'guild' });
    for (const actorId of [id, '01a1fb00-0000-7000-8000-000000000000'])
      expect((await failureOf(admin.client.roles.assign.mutate({ actorId, role: 'admin' }))).code).toBe(
        'NOT_FOUND',
      );
  });

  test('are neither given nor taken by who holds less', async () => {
    const giver = await makeRole({ scope: 'system' });
    await applyNow(server, admin, add(permission(giver, 'roles.*')));
    const person = await server.person('Giver');
    await admin.client.roles.assign.mutate({ actorId: person.id, role: giver });
    const promote = person.client.roles.assign.mutate({ actorId: person.id, role: 'admin' });
    expect((await failureOf(promote)).code).toBe('GRANT_EXCEEDS_OWN');
    const depose = person.client.roles.unassign.mutate({ actorId: admin.id });
    expect((await failureOf(depose)).code).toBe('GRANT_EXCEEDS_OWN');
    expect((await admin.client.auth.me.query({})).systemRoles).toContain('admin');
    const friend = await server.person('Friend');
    await person.client.roles.assign.mutate({ actorId: friend.id, role: giver });
  });
});
