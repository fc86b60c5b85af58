/** Stock Casbin as the oracle: on random policies, people and requests, every decision is the one that it makes. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Authorizer } from '../../src/authz/Authorizer.ts';
import { fromLine } from '../../src/authz/PolicyRule.ts';
import { Snapshot } from '../../src/authz/Snapshot.ts';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';
import { stockEnforcer } from '../support/stockCasbin.ts';
import {
  type Key,
  type World,
  actions,
  expandWorld,
  objects,
  policyLines,
  roleNames,
  storeWorld,
  worldPlan,
} from './randomWorld.ts';

const requests = [...objects, 'unknown'].flatMap((object) =>
  [...actions, 'unknown'].map((action) => ({ object, action })),
);
const someRoles = fc.uniqueArray(fc.constantFrom(...roleNames.map((name) => `role:${name}`)), {
  maxLength: 3,
});

test('a snapshot decides every request as stock Casbin does, and names the same rule', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ policy: policyLines, here: someRoles, everywhere: someRoles, elsewhere: someRoles }),
      async ({ policy, here, everywhere, elsewhere }) => {
        const rules = policy.map((line) => fromLine(line)).filter((rule) => rule !== undefined);
        expect(rules).toHaveLength(policy.length);
        const snapshot = await Snapshot.of(rules, 1);
        const oracle = await stockEnforcer([
          ...policy,
          ...here.map((role) => ['g', 'user:x', role, 'project:1']),
          ...everywhere.map((role) => ['g', 'user:x', role, '*']),
          ...elsewhere.map((role) => ['g', 'user:x', role, 'project:2']),
        ]);
        const places = [
          ['project:1', [...here, ...everywhere]],
          ['project:3', everywhere],
          ['*', everywhere],
        ] as const;
        const asked = places.flatMap(([domain, roles]) =>
          requests.map(({ object, action }) => ({ domain, roles, object, action })),
        );
        const decided = asked.map(({ domain, roles, object, action }) => {
          const allowed = snapshot.allows(roles, object, action);
          return { domain, object, action, allowed, ruling: snapshot.rule(roles, object, action) };
        });
        const expected = asked.map(({ domain, object, action }) => {
          const [allowed, line] = oracle.enforceExSync('user:x', domain, object, action);
          const rule = line.length > 0 ? fromLine(['p', ...line]) : null;
          return { domain, object, action, allowed, ruling: { allowed, rule } };
        });
        expect(decided).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

test('inheritance is followed as far as stock Casbin follows it, and no further', async () => {
  const chain = Array.from({ length: 14 }, (_, number) => `role:r${number}`);
  const policy = chain.flatMap((role, number) => {
    const permission = ['p', role, 'projects', `step${number}`, 'allow'];
    const parent = chain[number + 1];
    return parent === undefined ? [permission] : [permission, ['g', role, parent, '*']];
  });
  const rules = policy.map((line) => fromLine(line)).filter((rule) => rule !== undefined);
  const snapshot = await Snapshot.of(rules, 1);
  const oracle = await stockEnforcer([...policy, ['g', 'user:x', 'role:r0', 'project:1']]);
  const reached = chain.map((_, number) => snapshot.allows(['role:r0'], 'projects', `step${number}`));
  const expected = chain.map((_, number) =>
    oracle.enforceSync('user:x', 'project:1', 'projects', `step${number}`),
  );
  expect(reached).toEqual(expected);
  expect(new Set(expected)).toEqual(new Set([true, false]));
});

let testDatabase: TestDatabase;
let database: Database;
let authorizer: Authorizer;

beforeAll(async () => {
  testDatabase = await createDatabase(inject('cluster'));
  database = await openDatabase(testDatabase.connection, { poolSize: 6, onPoolError: () => {} });
  authorizer = new Authorizer(database.reads, { sessionIdleDays: 14 });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** What Casbin does not know of: which credential, and which state the account and the project are in. */
function isCut(
  permission: string,
  { state, key, project }: { state: string; key?: Key; project: World['projects'][number] | null },
): boolean {
  const [object, action] = permission.split('.');
  if (project?.state === 'missing') return true;
  if (project?.state.startsWith('deleted') && permission !== 'projects.restore') return true;
  if (state === 'suspended' && permission !== 'auth.logout') return true;
  if (!key) return false;
  if (object === 'auth' || object === 'policies') return true;
  if (key.projectIds && !key.projectIds.includes(project?.id ?? '')) return true;
  return !['*', `${object}.*`, `${object}.${action}`].some((scope) => key.scopes.includes(scope));
}

const permissions = objects.flatMap((object) => actions.map((action) => `${object}.${action}`));

test('on the database, each credential may do in each project what stock Casbin says, and no more', async () => {
  let allowances = 0;
  let refusals = 0;
  await fc.assert(
    fc.asyncProperty(worldPlan, async (plan) => {
      const world = await storeWorld(database.reads, plan);
      const oracle = await stockEnforcer(expandWorld(world));
      const credentials: { secret: string | null; state: string; id: string; key?: Key }[] = [
        { secret: null, state: 'deleted', id: '' },
        { secret: 'forged', state: 'deleted', id: '' },
        ...world.people.flatMap(({ id, state, token, key }) => [
          { id, state, secret: token },
          { id, state, secret: key.secret, key },
        ]),
      ];
      const places = [null, ...world.projects, { id: randomUUID(), state: 'missing' }];
      await Promise.all(
        credentials.map(async ({ secret, state, id, key }) => {
          // Who was deleted is nobody.
          const subject = state === 'deleted' ? 'role:anonymous' : `user:${id}`;
          for (const project of places) {
            const [access, inBatch] = await Promise.all([
              authorizer.access(secret ? hashTokenAsText(secret) : null, project?.id ?? null),
              authorizer.accessInBatch(secret ? hashTokenAsText(secret) : null, project?.id ?? null),
            ]);
            const domain = project ? `project:${project.id}` : '*';
            const expected = permissions.filter((permission) => {
              const [object, action] = permission.split('.');
              if (isCut(permission, { state, project, ...(key ? { key } : {}) })) return false;
              return oracle.enforceSync(subject, domain, object, action);
            });
            const found = permissions.filter((permission) => access.can(permission));
            expect(permissions.filter((permission) => inBatch.can(permission))).toEqual(found);
            allowances += expected.length;
            refusals += permissions.length - expected.length;
            expect({ subject, domain, found }).toEqual({ subject, domain, found: expected });
          }
        }),
      );
    }),
    { numRuns: 30 },
  );
  // Both answers are common, or the agreement would say little.
  expect(Math.min(allowances, refusals)).toBeGreaterThan(0.05 * (allowances + refusals));
});

test('of many people at once, those are told of something whom stock Casbin lets call for it', async () => {
  await fc.assert(
    fc.asyncProperty(worldPlan, async (plan) => {
      const world = await storeWorld(database.reads, plan);
      const oracle = await stockEnforcer(expandWorld(world));
      const ids = world.people.map(({ id }) => id);
      for (const project of world.projects) {
        for (const permission of permissions) {
          const [object, action] = permission.split('.');
          const expected = world.people.filter(
            ({ id, state }) =>
              state === 'active' &&
              !project.state.startsWith('deleted') &&
              oracle.enforceSync(`user:${id}`, `project:${project.id}`, object, action),
          );
          const found = await authorizer.filterAllowed(ids, permission, project.id);
          expect(found.toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
        }
      }
    }),
    { numRuns: 12 },
  );
});
