import fc from 'fast-check';
import { newEnforcer, newModelFromString } from 'casbin';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Snapshot, newModel } from '../../src/authz/Snapshot.ts';

const modelText = readFileSync('src/authz/model.conf', 'utf8');
const roles = ['role:a', 'role:b', 'role:c', 'role:d'];
const role = fc.constantFrom(...roles);
const object = fc.constantFrom('projects', 'threads', '*');
const action = fc.constantFrom('get', 'list', '*');
const permissionRule = fc.tuple(role, object, action, fc.constantFrom('allow', 'allow', 'allow', 'deny'));
// Only upwards, as Casbin itself refuses nothing here but the product's roles form no cycle.
const inheritance = fc.tuple(fc.nat(3), fc.nat(3)).filter(([low, high]) => low < high);

const policies = fc.record({
  rules: fc.uniqueArray(permissionRule, { selector: (rule) => rule.join(), maxLength: 12 }),
  links: fc.uniqueArray(inheritance, { selector: (link) => link.join(), maxLength: 4 }),
  held: fc.uniqueArray(role, { maxLength: 3 }),
});

describe('decisions', () => {
  test('agree with stock Casbin on every policy and request', async () => {
    await fc.assert(
      fc.asyncProperty(policies, async ({ rules, links, held }) => {
        const model = newModel();
        for (const rule of rules) model.addPolicy('p', 'p', rule);
        for (const [low, high] of links)
          model.addPolicy('g', 'g', [roles[low] ?? '', roles[high] ?? '', '*']);
        const snapshot = await Snapshot.build(model, 1);

        const oracle = await newEnforcer(newModelFromString(modelText));
        await oracle.addNamedDomainMatchingFunc('g', (_request: string, rule: string) => rule === '*');
        if (rules.length > 0) await oracle.addPolicies(rules);
        for (const [low, high] of links)
          await oracle.addGroupingPolicy(roles[low] ?? '', roles[high] ?? '', '*');
        for (const name of held) await oracle.addGroupingPolicy('user:x', name, 'project:1');

        for (const wanted of ['projects', 'threads', 'unknown']) {
          for (const act of ['get', 'list', 'delete']) {
            expect(`${wanted}.${act} ${snapshot.allows(held, wanted, act)}`).toBe(
              `${wanted}.${act} ${await oracle.enforce('user:x', 'project:1', wanted, act)}`,
            );
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('deny wins over allow, and what no rule names is denied', async () => {
    const model = newModel();
    model.addPolicy('p', 'p', ['role:a', '*', '*', 'allow']);
    model.addPolicy('p', 'p', ['role:suspended', '*', '*', 'deny']);
    const snapshot = await Snapshot.build(model, 1);
    expect(snapshot.allows(['role:a'], 'projects', 'get')).toBe(true);
    expect(snapshot.allows(['role:a', 'role:suspended'], 'projects', 'get')).toBe(false);
    expect(snapshot.allows([], 'projects', 'get')).toBe(false);
  });
});
