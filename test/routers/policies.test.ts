import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outputs } from '../../client/src/index.ts';
import { permissionNames } from '../../src/authz/permissionNames.ts';
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

let server: TestServer;
let admin: Person;
let other: Person;

beforeAll(async () => {
  server = await startServer({ services: new Set(['api']) });
  admin = await server.admin();
  other = await server.person('Other');
});
afterAll(() => server.close());

const apply = (...changes: ReturnType<typeof add>) => applyNow(server, admin, changes);

describe('matrix', () => {
  let matrix: Outputs['policies']['matrix'];
  beforeAll(async () => {
    matrix = await admin.client.policies.matrix.query({});
  });
  const cellsOf = (role: string) => matrix.cells.find((cells) => cells.role === role);

  test('has every procedure with its scope and kind', () => {
    expect(matrix.procedures.map((procedure) => procedure.permission).toSorted()).toEqual(
      permissionNames.toSorted(),
    );
    expect(matrix.procedures).toContainEqual({
      permission: 'threads.watch',
      scope: 'project',
      kind: 'subscription',
    });
  });

  test('has every role, implicit ones too, with what they inherit', () => {
    expect(matrix.roles.map(({ name, scope, inherits }) => [name, scope, inherits])).toEqual([
      ['anonymous', 'implicit', []],
      ['authenticated', 'implicit', []],
      ['guest', 'implicit', []],
      ['admin', 'system', []],
      ['user', 'system', []],
      ['owner', 'project', ['manager']],
      ['manager', 'project', ['developer']],
      ['developer', 'project', ['editor']],
      ['editor', 'project', ['viewer']],
      ['viewer', 'project', ['guest']],
    ]);
  });

  test('tells what is own, what is inherited and from whom, and what a wildcard gives', () => {
    const editor = cellsOf('editor');
    expect(editor?.own).toContainEqual({
      permission: 'comments.add',
      from: 'editor',
      pattern: 'comments.add',
    });
    expect(editor?.inherited).toContainEqual({
      permission: 'comments.list',
      from: 'guest',
      pattern: 'comments.list',
    });
    expect(editor?.own.map((cell) => cell.permission)).not.toContain('comments.list');
    const own = cellsOf('admin')?.own ?? [];
    expect(own.map((cell) => cell.permission)).toEqual(permissionNames);
    expect(own).toContainEqual({ permission: 'comments.add', from: 'admin', pattern: '*' });
    expect(own).toContainEqual({ permission: 'policies.apply', from: 'admin', pattern: 'policies.apply' });
  });

  test('is for administrators, and closed to API keys', async () => {
    expect((await failureOf(other.client.policies.matrix.query({}))).code).toBe('FORBIDDEN');
    expect((await failureOf(server.connect().policies.matrix.query({}))).code).toBe('UNAUTHORIZED');
    const { key } = await admin.client.apiKeys.create.mutate({ name: 'all', scopes: ['*'] });
    expect((await failureOf(server.connect(key).policies.matrix.query({}))).code).toBe('FORBIDDEN');
    expect((await failureOf(server.connect(key).roles.list.query({}))).code).toBe('FORBIDDEN');
  });
});

describe('apply', () => {
  test('gives a right at once, and takes it again, each as one version', async () => {
    const { id: projectId } = await admin.client.projects.create.mutate({ name: 'Applied' });
    await admin.client.members.add.mutate({ projectId, actorId: other.id, role: 'viewer' });
    const call = () =>
      other.client.threads.create.mutate({
        projectId,
        subjectType: 'project',
        subjectId: projectId,
        body: 'Hello.',
      });
    expect((await failureOf(call())).code).toBe('FORBIDDEN');

    const rule = permission('viewer', 'threads.create');
    const before = await policyOf(server);
    const given = await apply(...add(rule));
    expect(given).toEqual({ epoch: (await policyOf(server)).epoch, added: [rule], removed: [] });
    expect(given.epoch).toBeGreaterThan(before.epoch);
    await call();

    const { epoch } = await admin.client.policies.apply.mutate({
      changes: remove(rule),
      baseEpoch: given.epoch,
      reason: 'viewers only read',
    });
    expect((await failureOf(call())).code).toBe('FORBIDDEN');
    expect((await policyOf(server)).lines).toEqual(before.lines);
    const { items } = await admin.client.policies.history.query({ limit: 2 });
    expect(items).toMatchObject([
      { epoch, actor: { id: admin.id }, reason: 'viewers only read', added: [], removed: [rule] },
      { epoch: given.epoch, actor: { id: admin.id }, reason: 'a test', added: [rule], removed: [] },
    ]);
  });

  test('leaves one version and an audit record of each rule, however many rules', async () => {
    const { reads } = server.tessera.services;
    const rules = permissionNames
      .filter((name) => !/^(?:auth|policies|roles)\./.test(name))
      .flatMap((name) =>
        ['guest', 'viewer', 'editor', 'developer', 'manager', 'owner'].map((role) => permission(role, name)),
      )
      .slice(0, 1000);
    const versions = async () =>
      Number((await reads.query('select count(*) as n from authz_versions')).rows[0].n);
    const audits = async () =>
      (
        await reads.query(
          `select action, count(*)::int as n from audit_logs where entity_type = 'casbin_rules' and user_id = $1
           group by action order by action`,
          [admin.id],
        )
      ).rows;
    const [versionsBefore, auditsBefore] = [await versions(), await audits()];
    const { added, epoch } = await apply(...add(...rules));
    // More than one statement inserts them.
    expect(added.length).toBeGreaterThan(300);
    expect(await versions()).toBe(versionsBefore + 1);
    const countOf = (rows: { action: string; n: number }[], action: string) =>
      rows.find((row) => row.action === action)?.n ?? 0;
    expect(countOf(await audits(), 'create') - countOf(auditsBefore, 'create')).toBe(added.length);
    const { removed } = await admin.client.policies.apply.mutate({
      changes: remove(...added),
      baseEpoch: epoch,
      reason: 'tidied',
    });
    expect(removed.length).toBe(added.length);
    expect(countOf(await audits(), 'delete') - countOf(auditsBefore, 'delete')).toBe(added.length);
    const { rows: told } = await reads.query(
      `select action from audit_logs where entity_id = 'p role:viewer projects delete allow' order by created_at, id`,
    );
    expect(told.map(({ action }) => action)).toEqual(['create', 'delete']);
    const [newest] = (await admin.client.policies.history.query({ limit: 1 })).items;
    expect(newest?.removed.length).toBe(added.length);
  });

  test('of two at once with the same base one is made, and the other is told what it was', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { epoch: baseEpoch } = await policyOf(server);
      const call = (name: string) =>
        admin.client.policies.apply.mutate({
          changes: add(permission('viewer', name)),
          baseEpoch,
          reason: `give ${name}`,
        });
      // Two requests, not a batch of one.
      const rival = server.connect(admin.token);
      const outcomes = await Promise.allSettled([
        call('threads.create'),
        rival.policies.apply.mutate({
          changes: add(permission('viewer', 'comments.add')),
          baseEpoch,
          reason: 'give comments.add',
        }),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const won = outcomes.find((outcome) => outcome.status === 'fulfilled');
      const lost = outcomes.find((outcome) => outcome.status === 'rejected');
      const failure = await failureOf(Promise.reject(lost?.reason as Error));
      const added = won?.value.added ?? [];
      expect(failure).toMatchObject({
        code: 'POLICY_STALE',
        details: {
          epoch: won?.value.epoch,
          versions: [{ epoch: won?.value.epoch, actor: { id: admin.id }, added, removed: [] }],
        },
      });
      const [first] = added;
      const name = first?.kind === 'permission' ? `${first.object}.${first.action}` : '';
      expect(failure.message).toContain(`give ${name}`);
      expect(failure.message).toContain('1 added, 0 removed');
      expect(
        (failure.details as { versions: { createdAt: unknown }[] }).versions[0]?.createdAt,
      ).toBeInstanceOf(Date);
      await apply(...remove(...added));
    }
  });

  test('with an epoch that there has not been is refused too', async () => {
    const { epoch } = await policyOf(server);
    const call = admin.client.policies.apply.mutate({
      changes: add(permission('viewer', 'threads.create')),
      baseEpoch: epoch + 100,
      reason: 'early',
    });
    const failure = await failureOf(call);
    expect(failure).toMatchObject({ code: 'POLICY_STALE', details: { epoch, versions: [] } });
  });

  test('answers only what it changed, and what comes to nothing is no version', async () => {
    const there = permission('viewer', 'members.list');
    const gone = permission('viewer', 'projects.delete');
    const fresh = permission('viewer', 'threads.create');
    const { added, removed } = await apply(...add(there, fresh), ...remove(gone));
    expect([added, removed]).toEqual([[fresh], []]);
    await apply(...remove(fresh));
    await expectNothingChanged(server, async () => {
      const { epoch } = await policyOf(server);
      expect(await apply(...add(there), ...remove(gone))).toEqual({ epoch, added: [], removed: [] });
    });
  });

  test('with a mutationId that is repeated changes the policy once', async () => {
    const { epoch: baseEpoch } = await policyOf(server);
    const rule = permission('viewer', 'threads.create');
    const input = { changes: add(rule), baseEpoch, reason: 'once', mutationId: 'apply-once' };
    const first = await admin.client.policies.apply.mutate(input);
    expect(await admin.client.policies.apply.mutate(input)).toEqual(first);
    await apply(...remove(rule));
  });

  const broken = {
    'a comma': 'vie,wer',
    'a quote': 'view"er',
    'an apostrophe': "view'er",
    'a parenthesis': 'viewer(',
    'a line break': 'viewer\n',
    'a pattern of Casbin (like:)': 'like:viewer',
    'a pattern of Casbin (regex:)': 'regex:.*',
    nothing: '',
    'white space': ' viewer',
    'ten thousand characters': 'v'.repeat(10_000),
    'a look-alike letter': 'vi\u0435wer',
    'a full-width asterisk': '\uff0a',
    'an invisible character': 'view\u200ber',
    'a null character': 'viewer\0',
  };
  test.each(Object.entries(broken))('refuses %s in every field, and says in which', async (_what, value) => {
    await expectNothingChanged(server, async () => {
      const valid = permission('viewer', 'threads.create') as Extract<PolicyRule, { kind: 'permission' }>;
      const rules: [PolicyRule, string][] = [
        [{ ...valid, role: value }, 'role'],
        [{ ...valid, object: value }, 'object'],
        [{ ...valid, action: value }, 'action'],
        [{ ...valid, effect: value as 'allow' }, 'effect'],
        [inheritance(value, 'viewer'), 'role'],
        [inheritance('editor', value), 'inherits'],
      ];
      for (const [rule, field] of rules) {
        const failure = await failureOf(apply(...add(valid, rule)));
        expect(failure.code).toBe('BAD_INPUT');
        expect(Object.keys(failure.fields)).toEqual([`changes.1.rule.${field}`]);
        expect(JSON.stringify(failure).length).toBeLessThan(1000);
      }
    });
  });

  test('refuses a rule that is both added and removed, too many, none, and no reason', async () => {
    const rule = permission('viewer', 'threads.create');
    const { epoch: baseEpoch } = await policyOf(server);
    const fieldsOf = async (input: { changes: ReturnType<typeof add>; reason: string }) => {
      const failure = await failureOf(admin.client.policies.apply.mutate({ baseEpoch, ...input }));
      expect(failure.code).toBe('BAD_INPUT');
      return Object.keys(failure.fields);
    };
    expect(await fieldsOf({ changes: [...add(rule), ...remove(rule)], reason: 'x' })).toEqual(['changes.1']);
    expect(await fieldsOf({ changes: [], reason: 'x' })).toEqual(['changes']);
    expect(await fieldsOf({ changes: add(...Array(1001).fill(rule)), reason: 'x' })).toEqual(['changes']);
    expect(await fieldsOf({ changes: add(rule), reason: ' ' })).toEqual(['reason']);
  });

  test('refuses rules of what there is not, and tells every fault at once', async () => {
    await expectNothingChanged(server, async () => {
      const faulty = [
        permission('emperor', 'threads.create'),
        permission('viewer', 'threads.explode'),
        permission('viewer', 'toString.call'),
        permission('viewer', '*.list'),
        inheritance('guest', 'viewer'),
        inheritance('viewer', 'admin'),
        inheritance('viewer', 'owner'),
        permission('viewer', 'threads.create', 'deny'),
      ];
      const failure = await failureOf(apply(...add(...faulty)));
      expect(failure.code).toBe('POLICY_RULE_REFUSED');
      expect(failure.message).toContain('there is no role emperor');
      expect((failure.details as { faults: { rule: PolicyRule }[] }).faults.map(({ rule }) => rule)).toEqual(
        faulty,
      );
    });
  });

  test('is for administrators', async () => {
    const call = applyNow(server, other, add(permission('viewer', 'threads.create')));
    expect((await failureOf(call)).code).toBe('FORBIDDEN');
  });
});
