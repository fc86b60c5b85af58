import { afterEach, beforeEach, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { add, applyNow, permission, policyOf, remove } from '../support/policy.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let admin: Person;
beforeEach(async () => {
  server = await startServer({ services: new Set(['api']) });
  admin = await server.admin();
});
afterEach(() => server.close());

const wholePolicy = permission('admin', '*.*');
const applying = permission('admin', 'policies.apply');

/** Makes somebody who administers without the role admin. */
async function makeChief(): Promise<Person> {
  const chief = await server.person('Chief');
  await admin.client.roles.create.mutate({ name: 'chief', scope: 'system' });
  await applyNow(
    server,
    admin,
    add(...['policies.*', 'roles.*', 'actors.*'].map((name) => permission('chief', name))),
  );
  await admin.client.roles.assign.mutate({ actorId: chief.id, role: 'chief' });
  return chief;
}

/** Whether anybody of these can still change the policy. */
async function whoCanApply(people: Person[]): Promise<Person[]> {
  const able = await Promise.all(
    people.map(async ({ token }) => {
      const { permissions } = await server
        .connect(token)
        .auth.permissions.query({})
        .catch(() => ({ permissions: [] as string[] }));
      return permissions.includes('policies.apply');
    }),
  );
  return people.filter((_, index) => able[index]);
}

test('the last administrator cannot take the policy, the role or the account from themselves', async () => {
  const { epoch } = await policyOf(server);
  const calls = [
    () => applyNow(server, admin, remove(wholePolicy, applying)),
    () => applyNow(server, admin, add(permission('admin', 'policies.apply', 'deny'))),
    () => applyNow(server, admin, add(permission('authenticated', 'policies.apply', 'deny'))),
    () => applyNow(server, admin, add(permission('anonymous', 'policies.apply', 'deny'))),
    () => admin.client.roles.unassign.mutate({ actorId: admin.id }),
    () => admin.client.roles.assign.mutate({ actorId: admin.id, role: 'user' }),
    () => admin.client.actors.suspend.mutate({ actorId: admin.id }),
  ];
  for (const call of calls) expect((await failureOf(call())).code).toBe('LAST_ADMIN');
  expect((await policyOf(server)).epoch).toBe(epoch);
  expect(await whoCanApply([admin])).toEqual([admin]);
});

test('it is the right that counts, not the name of the role', async () => {
  const chief = await makeChief();
  // The chief keeps the right, so the administrators may lose it, and then the chief is the last.
  await applyNow(server, admin, remove(wholePolicy, applying));
  expect(await whoCanApply([admin, chief])).toEqual([chief]);
  expect((await failureOf(chief.client.actors.suspend.mutate({ actorId: chief.id }))).code).toBe(
    'LAST_ADMIN',
  );
  expect((await failureOf(chief.client.roles.unassign.mutate({ actorId: chief.id }))).code).toBe(
    'LAST_ADMIN',
  );
  const call = applyNow(server, chief, remove(permission('chief', 'policies.*')));
  expect((await failureOf(call)).code).toBe('LAST_ADMIN');
  await admin.client.actors.suspend.mutate({ actorId: admin.id });
});

test('a right that the policy gives to everyone keeps nobody out', async () => {
  const rights = ['policies.*', 'roles.assign', 'actors.unsuspend'].map((name) => permission('user', name));
  await applyNow(server, admin, add(...rights));
  await admin.client.roles.unassign.mutate({ actorId: admin.id });
  expect(await whoCanApply([admin])).toEqual([admin]);
  const call = applyNow(server, admin, remove(permission('user', 'policies.*')));
  expect((await failureOf(call)).code).toBe('LAST_ADMIN');
});

test('administrators who are suspended, or organizations, count for nobody', async () => {
  const second = await server.admin();
  await admin.client.actors.suspend.mutate({ actorId: second.id });
  expect((await failureOf(admin.client.roles.unassign.mutate({ actorId: admin.id }))).code).toBe(
    'LAST_ADMIN',
  );
  const { id } = await admin.client.organizations.create.mutate({ name: 'Guild', username: 'guild' });
  await server.tessera.services.reads.query(
    `insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, 'role:admin', '*')`,
    [`user:${id}`],
  );
  expect((await failureOf(admin.client.roles.unassign.mutate({ actorId: admin.id }))).code).toBe(
    'LAST_ADMIN',
  );
  await admin.client.actors.unsuspend.mutate({ actorId: second.id });
  await admin.client.roles.unassign.mutate({ actorId: admin.id });
  expect(await whoCanApply([admin, second])).toEqual([second]);
});

test('of two administrators who demote each other at once one remains', async () => {
  for (let round = 0; round < 2; round += 1) {
    await using own = await startServer({ services: new Set(['api']) });
    const [one, two] = [await own.admin(), await own.admin()];
    const outcomes = await Promise.allSettled([
      one.client.roles.unassign.mutate({ actorId: two.id }),
      two.client.roles.unassign.mutate({ actorId: one.id }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { rows } = await own.tessera.services.reads.query(
      `select from casbin_rules where v1 = 'role:admin' and v2 = '*' and v0 like 'user:%'`,
    );
    expect(rows).toHaveLength(1);
  }
});

test('apply, suspension and demotion at once never leave nobody', async () => {
  for (let round = 0; round < 2; round += 1) {
    await using own = await startServer({ services: new Set(['api']) });
    const [one, two, three] = [await own.admin(), await own.admin(), await own.admin()];
    await one.client.roles.create.mutate({ name: 'chief', scope: 'system' });
    const rights = ['policies.*', 'roles.assign', 'actors.unsuspend'];
    await applyNow(own, one, add(...rights.map((name) => permission('chief', name))));
    await one.client.roles.assign.mutate({ actorId: three.id, role: 'chief' });
    // Each leaves somebody by itself; all three together would leave nobody.
    const outcomes = await Promise.allSettled([
      one.client.actors.suspend.mutate({ actorId: two.id }),
      two.client.roles.unassign.mutate({ actorId: one.id }),
      applyNow(own, three, remove(permission('chief', 'policies.*'))),
    ]);
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refusals.length).toBeGreaterThanOrEqual(1);
    const { rows } = await own.tessera.services.reads.query(
      `select from casbin_rules g join actors a on g.v0 = 'user:' || a.id and a.suspended_at is null
       where g.v2 = '*' and (g.v1 = 'role:admin' or (g.v1 = 'role:chief' and exists (
         select from casbin_rules where v0 = 'role:chief' and v1 = 'policies')))`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(1);
  }
});

test('who signed out can always sign in, and who signed in can always sign out, with any role', async () => {
  await admin.client.roles.create.mutate({ name: 'frozen', scope: 'system' });
  const hostile = [
    [remove(permission('anonymous', 'auth.login')), 'signed out from auth.login'],
    [add(permission('anonymous', 'auth.login', 'deny')), 'signed out from auth.login'],
    [add(permission('anonymous', 'auth.logout', 'deny')), 'signed in from auth.logout'],
    [remove(permission('authenticated', 'auth.me')), 'signed in from auth.me'],
    [add(permission('user', 'auth.*', 'deny')), 'signed in from auth.logout'],
    [add(permission('frozen', '*.*', 'deny')), 'with the role frozen from auth.logout'],
  ] as const;
  for (const [changes, words] of hostile) {
    const failure = await failureOf(applyNow(server, admin, [...changes]));
    expect(failure.code).toBe('POLICY_FLOOR');
    expect(failure.message).toContain(words);
  }
  // Whatever else is denied to a role is the administrators' business.
  await applyNow(server, admin, add(permission('frozen', 'projects.*', 'deny')));
  const person = await server.person('Frozen');
  await admin.client.roles.assign.mutate({ actorId: person.id, role: 'frozen' });
  expect((await failureOf(person.client.projects.create.mutate({ name: 'No' }))).code).toBe('FORBIDDEN');
  await person.client.auth.me.query({});
  await person.client.auth.logout.mutate({});
});
