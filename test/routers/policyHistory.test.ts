import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outputs } from '../../client/src/index.ts';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { changePolicy } from '../../src/domain/policies/changePolicy.ts';
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

describe('history', () => {
  test('begins with the built-in policy', async () => {
    const versions: Outputs['policies']['history']['items'] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const found: Outputs['policies']['history'] = await admin.client.policies.history.query({
        ...(cursor ? { cursor } : {}),
        limit: 3,
      });
      versions.push(...found.items);
      cursor = found.nextCursor;
    }
    const epochs = versions.map(({ epoch }) => epoch);
    expect(epochs).toEqual(epochs.toSorted((a, b) => b - a));
    expect(new Set(epochs).size).toBe(epochs.length);
    expect(versions.at(-1)).toMatchObject({ actor: null, reason: 'built-in policy', removed: [] });
    expect(versions.at(-1)?.added).toContainEqual(permission('admin', '*.*'));
    expect((await failureOf(admin.client.policies.history.query({ cursor: 'x' }))).code).toBe(
      'CURSOR_INVALID',
    );
  });

  test('tells of a change made directly in the database, which can be rolled back', async () => {
    const { reads } = server.tessera.services;
    const before = await policyOf(server);
    await reads.query(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values
         ('p', 'role:viewer', 'projects', 'delete', 'allow'), ('g', 'role:viewer', 'role:manager', '*', null)`,
    );
    const [newest] = (await admin.client.policies.history.query({ limit: 1 })).items;
    expect(newest).toMatchObject({
      epoch: (await policyOf(server)).epoch,
      actor: null,
      reason: 'changed directly in the database',
      added: [permission('viewer', 'projects.delete'), inheritance('viewer', 'manager')],
      removed: [],
    });
    const { removed, epoch } = await admin.client.policies.rollback.mutate({
      epoch: before.epoch,
      reason: 'that was nobody',
    });
    expect(removed).toEqual(newest?.added);
    expect(await policyOf(server)).toEqual({ lines: before.lines, epoch });
  });
});

describe('rollback', () => {
  test('undoes all later versions as one more, and can itself be undone', async () => {
    const start = await policyOf(server);
    const [one, two] = [permission('viewer', 'threads.create'), permission('editor', 'jobs.cancel')];
    const lost = permission('viewer', 'members.list');
    await apply(...add(one, two));
    await apply(...remove(one, lost));
    const end = await policyOf(server);
    await expectNothingChanged(server, async () => {
      const proposal = await admin.client.policies.proposeRollback.query({
        epoch: start.epoch,
        baseEpoch: end.epoch - 1,
      });
      expect(proposal).toMatchObject({ epoch: end.epoch, added: [lost], removed: [two], leftOut: [] });
      expect(proposal.cells).toContainEqual(
        expect.objectContaining({ role: 'viewer', permission: 'members.list', before: 'none', after: 'own' }),
      );
      expect(proposal.refusals.map(({ code }) => code)).toEqual(['POLICY_STALE']);
    });
    const back = await admin.client.policies.rollback.mutate({
      epoch: start.epoch,
      baseEpoch: end.epoch,
      reason: 'back',
    });
    expect(back).toEqual({ epoch: back.epoch, added: [lost], removed: [two], leftOut: [] });
    expect((await policyOf(server)).lines).toEqual(start.lines);
    const [newest] = (await admin.client.policies.history.query({ limit: 1 })).items;
    expect(newest).toMatchObject({ epoch: back.epoch, reason: 'back', added: [lost], removed: [two] });
    await admin.client.policies.rollback.mutate({ epoch: end.epoch, reason: 'and forth' });
    expect((await policyOf(server)).lines).toEqual(end.lines);
    await admin.client.policies.rollback.mutate({ epoch: start.epoch, reason: 'and back' });
  });

  test('leaves out rules of roles that are no more, and names them', async () => {
    await admin.client.roles.create.mutate({ name: 'passing', scope: 'project', inherits: ['viewer'] });
    const rule = permission('passing', 'audit.list');
    const { epoch } = await apply(...add(rule));
    await admin.client.roles.delete.mutate({ name: 'passing' });
    const lines = (await policyOf(server)).lines;
    const proposal = await admin.client.policies.proposeRollback.query({ epoch });
    expect(proposal).toMatchObject({ added: [], removed: [], refusals: [] });
    const back = await admin.client.policies.rollback.mutate({ epoch, reason: 'back' });
    expect(back).toMatchObject({ added: [], removed: [] });
    expect(back.leftOut).toEqual(proposal.leftOut);
    expect(back.leftOut).toEqual(expect.arrayContaining([rule, inheritance('passing', 'viewer')]));
    expect((await policyOf(server)).lines).toEqual(lines);
  });

  test('gives nobody a role back', async () => {
    const { epoch } = await policyOf(server);
    const dismissed = await server.admin();
    await admin.client.roles.unassign.mutate({ actorId: dismissed.id });
    const rule = permission('viewer', 'threads.create');
    await apply(...add(rule));
    await admin.client.policies.rollback.mutate({ epoch, reason: 'back' });
    expect((await failureOf(dismissed.client.policies.matrix.query({}))).code).toBe('FORBIDDEN');
  });

  test('of a version that there is not, or on a base that is no more, is refused', async () => {
    const { epoch } = await policyOf(server);
    await expectNothingChanged(server, async () => {
      const unknown = admin.client.policies.rollback.mutate({ epoch: epoch + 1, reason: 'x' });
      expect((await failureOf(unknown)).code).toBe('NOT_FOUND');
      const proposed = admin.client.policies.proposeRollback.query({ epoch: epoch + 1 });
      expect((await failureOf(proposed)).code).toBe('NOT_FOUND');
      const stale = admin.client.policies.rollback.mutate({ epoch, baseEpoch: epoch - 1, reason: 'x' });
      expect((await failureOf(stale)).code).toBe('POLICY_STALE');
    });
  });

  test('to a policy that nobody could change any more is refused', async () => {
    await using own = await startServer({ services: new Set(['api']) });
    const boss = await own.admin();
    const { reads } = own.tessera.services;
    await reads.query(`delete from casbin_rules where ptype = 'p' and v0 = 'role:admin'`);
    const { epoch } = await policyOf(own);
    expect((await failureOf(boss.client.policies.matrix.query({}))).code).toBe('FORBIDDEN');
    await reads.query(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:admin', '*', '*', 'allow')`,
    );
    const call = boss.client.policies.rollback.mutate({ epoch, reason: 'no' });
    expect((await failureOf(call)).code).toBe('LAST_ADMIN');
  });
});

test('a transaction that changed the policy and failed leaves no rule, version, epoch or audit record', async () => {
  const { orm, reads } = server.tessera.services;
  // Calls refused before are noted a moment later, by themselves.
  const audits = async () =>
    (await reads.query(`select count(*) from audit_logs where action <> 'deny'`)).rows;
  const before = await audits();
  await expectNothingChanged(server, async () => {
    const work = transact(orm, systemCause, async (em) => {
      const change = await changePolicy(
        em,
        { add: [permission('viewer', 'threads.create')], remove: [permission('viewer', 'members.list')] },
        { baseEpoch: null, reason: 'doomed', editor: null },
      );
      expect(change.added).toHaveLength(1);
      throw new Error('something later failed');
    });
    await expect(work).rejects.toThrow('something later failed');
  });
  expect(await audits()).toEqual(before);
  const { id: projectId } = await other.client.projects.create.mutate({ name: 'Unchanged' });
  await other.client.members.list.query({ projectId });
});
