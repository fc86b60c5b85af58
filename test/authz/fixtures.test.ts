import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { permissionNames } from '../../src/authz/permissionNames.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
});
afterAll(() => server.close());

const readers = `tests:
  - name: a viewer reads and does not write
    given: { roles: [viewer] }
    then:
      allow: [threads.list]
      deny:
        - comments.add
`;
const allowing = (role: string, object: string, action: string) => ({
  op: 'add' as const,
  rule: { kind: 'permission' as const, role, object, action, effect: 'allow' as const },
});
const writersRule = allowing('viewer', 'comments', 'add');

async function epoch(): Promise<number> {
  return (await admin.client.policies.test.mutate({})).epoch;
}

describe('a stored fixture', () => {
  beforeEach(async () => {
    await server.tessera.services.reads.query('delete from policy_fixtures');
  });

  test('is listed as it was written, replaced under its name, and removed', async () => {
    const put = await admin.client.policies.putFixture.mutate({ name: 'readers', source: readers });
    expect(put).toMatchObject({ name: 'readers', source: readers, createdBy: admin.id });
    const changed = readers.replace('threads.list', 'threads.get');
    const again = await admin.client.policies.putFixture.mutate({ name: 'readers', source: changed });
    expect(again.id).toBe(put.id);
    expect((await admin.client.policies.fixtures.query({})).items).toEqual([again]);
    expect(again.source).toBe(changed);
    await admin.client.policies.removeFixture.mutate({ name: 'readers' });
    expect((await admin.client.policies.fixtures.query({})).items).toEqual([]);
    const twice = admin.client.policies.removeFixture.mutate({ name: 'readers' });
    expect((await failureOf(twice)).code).toBe('NOT_FOUND');
  });

  test('are given out page by page', async () => {
    for (const name of ['one', 'two', 'three'])
      await admin.client.policies.putFixture.mutate({ name, source: readers });
    const first = await admin.client.policies.fixtures.query({ limit: 2 });
    expect(first.items.map(({ name }) => name)).toEqual(['one', 'two']);
    const second = await admin.client.policies.fixtures.query({ limit: 2, cursor: first.nextCursor });
    expect(second.items.map(({ name }) => name)).toEqual(['three']);
    expect(second.nextCursor).toBeNull();
  });

  test('refuses a change that fails it, saying where and by which rule, and nothing changes', async () => {
    await admin.client.policies.putFixture.mutate({ name: 'readers', source: readers });
    const before = await epoch();
    const apply = admin.client.policies.apply.mutate({
      changes: [writersRule],
      baseEpoch: before,
      reason: 'Everyone may write',
    });
    const failure = await failureOf(apply);
    expect(failure.code).toBe('FIXTURES_FAILED');
    expect(failure.message).toContain(
      'readers, line 7 (a viewer reads and does not write): comments.add should be denied, but it is allowed by the rule p, role:viewer, comments, add, allow.',
    );
    expect(failure.details['failures']).toEqual([
      expect.objectContaining({
        fixture: 'readers',
        test: 'a viewer reads and does not write',
        line: 7,
        permission: 'comments.add',
        expected: 'deny',
        found: 'allow',
        rule: 'p, role:viewer, comments, add, allow',
      }),
    ]);
    expect(await epoch()).toBe(before);
    const { rowCount } = await server.tessera.services.reads.query(
      `select from casbin_rules where v0 = 'role:viewer' and v1 = 'comments' and v2 = 'add'`,
    );
    expect(rowCount).toBe(0);

    await admin.client.policies.removeFixture.mutate({ name: 'readers' });
    const change = await admin.client.policies.apply.mutate({
      changes: [writersRule],
      baseEpoch: before,
      reason: 'Everyone may write',
    });
    const undo = { changes: [{ ...writersRule, op: 'remove' as const }], reason: 'back' };
    await admin.client.policies.apply.mutate({ ...undo, baseEpoch: change.epoch });
  });

  test('is refused when it fails already, as it would refuse every later change', async () => {
    const source = readers.replace('threads.list', 'comments.edit');
    const failure = await failureOf(admin.client.policies.putFixture.mutate({ name: 'wrong', source }));
    expect(failure.code).toBe('FIXTURES_FAILED');
    expect(failure.message).toContain(
      'line 5 (a viewer reads and does not write): comments.edit should be allowed, but it is denied because no rule allows it',
    );
    expect((await admin.client.policies.fixtures.query({})).items).toEqual([]);
  });

  test.each([
    ['tests: [', 1],
    ['tests:\n  - name: x\n    given: { roles: [nobody] }\n    then: { allow: [auth.me] }', 3],
    ['tests:\n  - name: x\n    then:\n      allow:\n        - auth.mee', 5],
    ['tests:\n  - name: x\n    wen: {}\n    then: { allow: [auth.me] }', 3],
    ['tests: &a []', 1],
  ])('that cannot be read is refused, with the line: %j', async (source, line) => {
    const failure = await failureOf(admin.client.policies.putFixture.mutate({ name: 'wrong', source }));
    expect(failure.code).toBe('BAD_FIXTURE');
    expect(failure.message).toContain(`line ${line}:`);
    expect(failure.details['faults']).toEqual([expect.objectContaining({ line })]);
    expect((await admin.client.policies.fixtures.query({})).items).toEqual([]);
  });

  test.each([
    [{ name: '', source: readers }, 'name'],
    [{ name: 'x', source: '' }, 'source'],
    [{ name: 'x', source: `${readers}\0` }, 'source'],
    [{ name: 'x', source: `${readers}#${'x'.repeat(65_536)}` }, 'source'],
    [{ name: 'x'.repeat(101), source: readers }, 'name'],
  ])('that is no text of its size is bad input', async (input, field) => {
    const failure = await failureOf(admin.client.policies.putFixture.mutate(input));
    expect([failure.code, Object.keys(failure.fields)]).toEqual(['BAD_INPUT', [field]]);
  });

  test('that no longer can be read refuses every change until it is removed', async () => {
    await server.tessera.services.reads.query(
      `insert into policy_fixtures (id, name, source) values (gen_random_uuid(), 'broken', E'tests:\\n  - 1')`,
    );
    const change = { changes: [writersRule], baseEpoch: await epoch().catch(() => 0), reason: 'x' };
    const { epoch: present } = await admin.client.policies.test.mutate({ source: readers });
    const failure = await failureOf(admin.client.policies.apply.mutate({ ...change, baseEpoch: present }));
    expect(failure).toMatchObject({
      code: 'BAD_FIXTURE',
      message: expect.stringMatching(/broken.*line 2/) as string,
    });
    await admin.client.policies.removeFixture.mutate({ name: 'broken' });
    expect((await admin.client.policies.test.mutate({})).results).toEqual([]);
  });

  test('and a change of the policy that are made at once do not miss each other', async () => {
    for (let round = 0; round < 5; round += 1) {
      const present = await epoch();
      const [put, apply] = await Promise.allSettled([
        server.connect(admin.token).policies.putFixture.mutate({ name: 'readers', source: readers }),
        server
          .connect(admin.token)
          .policies.apply.mutate({ changes: [writersRule], baseEpoch: present, reason: 'race' }),
      ]);
      expect([put.status, apply.status].toSorted()).toEqual(['fulfilled', 'rejected']);
      if (apply.status === 'fulfilled') {
        const changes = [{ ...writersRule, op: 'remove' as const }];
        await admin.client.policies.apply.mutate({ changes, baseEpoch: apply.value.epoch, reason: 'again' });
      } else await admin.client.policies.removeFixture.mutate({ name: 'readers' });
    }
  });

  test('is one of a hundred at most', async () => {
    await server.tessera.services.reads.query(
      `insert into policy_fixtures (id, name, source)
       select gen_random_uuid(), 'fixture ' || n, $1 from generate_series(1, 100) as n`,
      [readers],
    );
    const put = (name: string) => admin.client.policies.putFixture.mutate({ name, source: readers });
    expect((await failureOf(put('one too many'))).code).toBe('TOO_MANY_FIXTURES');
    await put('fixture 7');
  });

  test('is for administrators only, and not for API keys', async () => {
    const someone = await server.person();
    for (const call of [
      someone.client.policies.fixtures.query({}),
      someone.client.policies.putFixture.mutate({ name: 'x', source: readers }),
      someone.client.policies.removeFixture.mutate({ name: 'x' }),
      someone.client.policies.test.mutate({}),
    ])
      expect((await failureOf(call)).code).toBe('FORBIDDEN');
    const { key } = await admin.client.apiKeys.create.mutate({ name: 'all', scopes: ['*'] });
    expect((await failureOf(server.connect(key).policies.test.mutate({}))).code).toBe('FORBIDDEN');
  });
});

describe('policies.test', () => {
  test('answers each expectation of a fixture that is given, by the policy as changes would make it', async () => {
    const before = await epoch();
    const answer = await admin.client.policies.test.mutate({ source: readers, changes: [writersRule] });
    expect(answer).toEqual({
      epoch: before,
      passed: 1,
      failed: 1,
      isTruncated: false,
      results: [
        {
          fixture: 'given',
          test: 'a viewer reads and does not write',
          line: 5,
          permission: 'threads.list',
          expected: 'allow',
          found: 'allow',
          rule: 'p, role:guest, threads, list, allow',
          reason: 'allowedByRule',
          sentence: null,
        },
        expect.objectContaining({ line: 7, found: 'allow', expected: 'deny' }),
      ],
    });
    expect(await admin.client.policies.test.mutate({ source: readers })).toMatchObject({
      passed: 2,
      failed: 0,
    });
    expect(await epoch()).toBe(before);
  });

  test('decides the stored fixtures when none is given', async () => {
    await admin.client.policies.putFixture.mutate({ name: 'readers', source: readers });
    expect(await admin.client.policies.test.mutate({})).toMatchObject({ passed: 2, failed: 0 });
    expect(await admin.client.policies.test.mutate({ changes: [writersRule] })).toMatchObject({
      passed: 1,
      failed: 1,
    });
    await admin.client.policies.removeFixture.mutate({ name: 'readers' });
  });

  test('refuses changes that no policy takes', async () => {
    const changes = [allowing('viewer', 'threads', 'fly')];
    expect((await failureOf(admin.client.policies.test.mutate({ changes }))).code).toBe(
      'POLICY_RULE_REFUSED',
    );
  });

  test('decides as calls are decided: every role, in and outside projects, with and without an API key', async () => {
    const { authorizer } = server.tessera.services;
    const owner = await server.person('Owner');
    const tokens: Record<string, string> = { admin: admin.token, none: (await server.person()).token };
    const places = { public: '', private: '' };
    for (const visibility of ['public', 'private'] as const)
      places[visibility] = (await owner.client.projects.create.mutate({ name: 'Place', visibility })).id;
    for (const role of ['viewer', 'editor', 'developer', 'manager']) {
      const member = await server.person();
      for (const projectId of Object.values(places))
        await owner.client.members.add.mutate({ projectId, actorId: member.id, role });
      tokens[role] = member.token;
    }
    tokens['owner'] = owner.token;
    const scopes = ['threads.*', 'comments.add'];
    const keys: Record<string, string> = {};
    for (const [role, token] of Object.entries(tokens))
      keys[role] = (await server.connect(token).apiKeys.create.mutate({ name: 'k', scopes })).key;

    let compared = 0;
    const compare = async (
      given: string,
      credential: string | null,
      place: 'public' | 'private' | 'none',
    ) => {
      const results = [];
      // As many as one answer tells of, should all of them fail.
      for (let at = 0; at < permissionNames.length; at += 200) {
        const asked = permissionNames.slice(at, at + 200).join(', ');
        const source = `tests:\n  - name: all\n    given: { project: ${place}, ${given} }\n    then: { allow: [${asked}] }\n`;
        results.push(...(await admin.client.policies.test.mutate({ source })).results);
      }
      const hash = credential === null ? null : hashTokenAsText(credential);
      const access = await authorizer.access(hash, place === 'none' ? null : places[place]);
      for (const { permission, found } of results) {
        expect(`${given} ${place} ${permission}: ${found}`).toBe(
          `${given} ${place} ${permission}: ${access.can(permission) ? 'allow' : 'deny'}`,
        );
        compared += 1;
      }
    };
    for (const place of ['public', 'private', 'none'] as const) {
      await compare('anonymous: true', null, place);
      for (const [role, token] of Object.entries(tokens)) {
        // A role of projects is not held outside them: there it is as if there were none.
        const roles = role === 'none' || (place === 'none' && role !== 'admin') ? '' : role;
        await compare(`roles: [${roles}]`, token, place);
        await compare(`roles: [${roles}], scopes: [${scopes.join(', ')}]`, keys[role] ?? '', place);
      }
    }
    expect(compared).toBe(permissionNames.length * 3 * 15);
  });
});
