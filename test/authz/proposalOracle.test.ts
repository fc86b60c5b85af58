import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PolicyRule } from '../../src/authz/PolicyRule.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { procedures } from '../../src/routers/trpc.ts';
import { failureOf } from '../support/failure.ts';
import { inheritance, permission, policyOf } from '../support/policy.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let admin: Person;
const people: Person[] = [];
const projects: string[] = [];
const roles = ['viewer', 'editor', 'developer', 'manager', 'owner', 'reviewer'];

/** People alone, in projects and in organizations; projects of every sort, also with nobody but their owner. */
beforeAll(async () => {
  server = await startServer({ services: new Set(['api']) });
  admin = await server.admin();
  people.push(admin);
  for (let n = 0; n < 8; n += 1) people.push(await server.person('Random'));
  const [owner, ...others] = people.slice(1);
  if (!owner) throw new Error('There are people.');
  await admin.client.roles.create.mutate({ name: 'reviewer', scope: 'project', inherits: ['viewer'] });
  await admin.client.roles.create.mutate({ name: 'auditor', scope: 'system' });
  await admin.client.roles.assign.mutate({ actorId: others[0]?.id ?? '', role: 'auditor' });
  const organizations: string[] = [];
  for (let n = 0; n < 2; n += 1) {
    const { id } = await owner.client.organizations.create.mutate({ name: 'Guild', username: `guild-${n}` });
    for (const { id: actorId } of others.slice(n * 2, n * 2 + 3))
      await owner.client.organizations.addMember.mutate({ organizationId: id, actorId });
    organizations.push(id);
  }
  for (let n = 0; n < 6; n += 1) {
    const visibility = n % 2 === 0 ? 'private' : 'public';
    const { id: projectId } = await owner.client.projects.create.mutate({ name: `Random ${n}`, visibility });
    projects.push(projectId);
    const members = others.filter((_, index) => (index + n) % 3 === 0).map(({ id }) => id);
    if (n < 4) members.push(organizations[n % 2] ?? '');
    for (const [index, actorId] of members.entries()) {
      const role = roles[(index * 5 + n) % roles.length] ?? 'viewer';
      await owner.client.members.add.mutate({ projectId, actorId, role });
    }
    if (n === 1 || n === 4) await owner.client.projects.delete.mutate({ projectId });
  }
  await admin.client.actors.suspend.mutate({ actorId: others.at(-1)?.id ?? '' });
});
afterAll(() => server.close());

/** What each active person may do by the decisions of real calls: outside any project, and in each. */
async function rightsOf(): Promise<Map<string, string>> {
  const { authorizer } = server.tessera.services;
  const rights = new Map<string, string>();
  for (const { id, token } of people) {
    const allowed: string[] = [];
    for (const projectId of [null, ...projects]) {
      const access = await authorizer.access(hashTokenAsText(token), projectId);
      if (access.isSuspended) continue;
      for (const { permission: name, scope } of procedures.values())
        if ((scope === 'project') === (projectId !== null) && access.can(name))
          allowed.push(`${projectId} ${name}`);
    }
    rights.set(id, allowed.join());
  }
  return rights;
}

const names = [
  'audit.list',
  'projects.get',
  'projects.restore',
  'projects.create',
  'policies.matrix',
  'threads.create',
  'members.*',
  'apiKeys.*',
];
const anyone = ['anonymous', 'authenticated', 'guest', 'user', 'auditor', ...roles];
const rule: fc.Arbitrary<PolicyRule> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...anyone), fc.constantFrom(...names))
      .map(([role, name]) => permission(role, name)),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('reviewer', 'auditor', 'owner')
      .map((role) => permission(role, 'threads.list', 'deny')),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('auditor', 'user', 'reviewer'), fc.constantFrom('guest', 'viewer', 'manager'))
      .map(([role, parent]) => inheritance(role, parent)),
  },
);
const edits = fc.uniqueArray(fc.record({ op: fc.constantFrom('add', 'remove'), rule }), {
  selector: (change) => JSON.stringify(change.rule),
  minLength: 1,
  maxLength: 4,
});

test('a proposal counts exactly the people whose calls are decided otherwise once it is applied', async () => {
  let applied = 0;
  const counts = new Set<number>();
  for (const changes of fc.sample(edits, { numRuns: 20, seed: 7 })) {
    const { epoch: baseEpoch } = await policyOf(server);
    const proposal = await admin.client.policies.propose.mutate({ changes, baseEpoch });
    const apply = () => admin.client.policies.apply.mutate({ changes, baseEpoch, reason: 'random' });
    if (proposal.refusals.length > 0) {
      expect((await failureOf(apply())).code).toBe(proposal.refusals[0]?.code);
      continue;
    }
    const before = await rightsOf();
    const { epoch, added, removed } = await apply();
    expect([added, removed]).toEqual([proposal.added, proposal.removed]);
    const after = await rightsOf();
    const changed = [...after].filter(([id, rights]) => before.get(id) !== rights);
    expect({ changes, people: proposal.people }).toEqual({ changes, people: changed.length });
    const listed = (rights: string | undefined) => (rights ?? '').split(',').filter(Boolean);
    const having = (some: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>) =>
      [...some]
        .filter(([id, rights]) => {
          const known = new Set(listed(others.get(id)));
          return listed(rights).some((right) => !known.has(right));
        })
        .map(([id]) => id)
        .toSorted();
    const named = ({ count, some }: { count: number; some: { id: string }[] }) => {
      expect(some).toHaveLength(count);
      return some.map(({ id }) => id).toSorted();
    };
    expect({ changes, gains: named(proposal.gains), loses: named(proposal.loses) }).toEqual({
      changes,
      gains: having(after, before),
      loses: having(before, after),
    });
    applied += epoch > baseEpoch ? 1 : 0;
    counts.add(changed.length);
  }
  expect(applied).toBeGreaterThan(7);
  expect(counts.size).toBeGreaterThan(3);
});
