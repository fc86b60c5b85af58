import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authorizer } from '../../src/authz/Authorizer.ts';
import { describeRule } from '../../src/authz/PolicyRule.ts';
import { furtherRules } from '../../src/authz/furtherRules.ts';
import { explainAccess, explainCall } from '../../src/domain/policies/explainAccess.ts';
import { supposeCalls } from '../../src/domain/policies/supposeCall.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { isInProject, procedures } from '../../src/routers/trpc.ts';
import '../../src/routers/_app.ts';
import { failureOf } from '../support/failure.ts';
import { startServer } from '../support/server.ts';
import { type AccessWorld, makeAccessWorld } from './accessWorld.ts';
import { actions, objects, storeWorld, worldPlan } from './randomWorld.ts';

const allPermissions = [...procedures.keys()];

let world: AccessWorld;
beforeAll(async () => {
  world = await makeAccessWorld();
});
afterAll(() => world.server.close());

const explain = (input: {
  actorId: string | null;
  projectId?: string | null;
  permission: string;
  apiKeyId?: string | null;
}) => world.admin.client.policies.explain.query(input);

describe('an explanation', () => {
  test('decides as the call itself, whoever calls whatever wherever', async () => {
    const { authorizer, reads } = world.server.tessera.services;
    const reasons = new Set<string>();
    const wrong: object[] = [];
    for (const projectId of [...world.projectIds, null]) {
      for (const subject of world.subjects) {
        const calls = await supposeCalls({ authorizer, reads }, { ...subject, projectId });
        const inside = await authorizer.access(subject.tokenHash, projectId);
        const outside = await authorizer.access(subject.tokenHash, null);
        for (const permission of allPermissions) {
          const [access, call] = isInProject(permission)
            ? [inside, calls.inProject]
            : [outside, calls.outside];
          const { decision, reason, rule, matching } = explainCall(call, permission);
          const effects = new Set(matching.map((one) => one.kind === 'permission' && one.effect));
          const byRules = effects.has('deny')
            ? 'deniedByRule'
            : effects.has('allow')
              ? 'allowedByRule'
              : 'noRule';
          const isByRules = ['allowedByRule', 'deniedByRule', 'noRule'].includes(reason);
          const effect = { allowedByRule: 'allow', deniedByRule: 'deny' }[reason as string];
          const isRight =
            decision === (access.can(permission) ? 'allow' : 'deny') &&
            (!isByRules || reason === byRules) &&
            (rule?.kind === 'permission' ? rule.effect : undefined) === effect &&
            (rule === null || matching.some((one) => describeRule(one) === describeRule(rule)));
          if (!isRight)
            wrong.push({ who: subject.name, permission, projectId, decision, reason, rule, matching });
          reasons.add(reason);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect([...reasons].toSorted()).toEqual(
      [
        'allowedByRule',
        'deleted',
        'deniedByRule',
        'keyClosed',
        'keyExpired',
        'keyProject',
        'keyRevoked',
        'keyScope',
        'noRule',
        'noSuchProject',
        'projectDeleted',
        'suspended',
      ].toSorted(),
    );
  });

  test('of a call that is refused is one whose call is refused, whatever it is told', async () => {
    const { authorizer } = world.server.tessera.services;
    const projectId = world.project('private');
    for (const subject of world.subjects) {
      for (const permission of ['projects.get', 'comments.add', 'threads.list', 'members.list']) {
        const outcome = await authorizer.authorize(subject.tokenHash, permission, projectId).then(
          () => 'allow',
          () => 'deny',
        );
        const { actorId, apiKeyId } = subject;
        const answer = await explain({ actorId, apiKeyId, projectId, permission });
        expect(`${subject.name} ${permission} ${answer.decision}`).toBe(
          `${subject.name} ${permission} ${outcome}`,
        );
      }
    }
  });

  test('decides as the call itself on random policies, through session and key', async () => {
    await using other = await startServer();
    const { reads } = other.tessera.services;
    const authorizer = new Authorizer(reads, { sessionIdleDays: 30 });
    const found = { allow: 0, deny: 0 };
    await fc.assert(
      fc.asyncProperty(worldPlan, async (plan) => {
        const stored = await storeWorld(reads, plan);
        const { rows } = await reads.query<{ id: string; user_id: string }>(
          'select id, user_id from api_keys where user_id = any($1)',
          [stored.people.map(({ id }) => id)],
        );
        for (const { id: projectId } of stored.projects) {
          for (const { id: actorId, token, key } of stored.people) {
            const apiKeyId = rows.find((row) => row.user_id === actorId)?.id ?? null;
            for (const [tokenHash, keyId] of [
              [hashTokenAsText(token), null],
              [hashTokenAsText(key.secret), apiKeyId],
            ] as const) {
              const access = await authorizer.access(tokenHash, projectId);
              for (const permission of [
                `${objects[0]}.${actions[0]}`,
                'threads.list',
                'projects.restore',
                'auth.logout',
              ]) {
                const { decision, grantedBy } = await explainAccess(
                  { reads, authorizer },
                  { actorId, projectId, apiKeyId: keyId, permission, isInProject: true },
                );
                expect(decision).toBe(access.can(permission) ? 'allow' : 'deny');
                found[decision] += 1;
                const snapshot = await authorizer.snapshotAt(access.policyEpoch);
                const [object = '', action = ''] = permission.split('.');
                for (const role of grantedBy)
                  expect(snapshot.allows([`role:${role}`], object, action)).toBe(true);
              }
            }
          }
        }
      }),
      { numRuns: 15 },
    );
    expect(Math.min(found.allow, found.deny)).toBeGreaterThan(50);
  });

  test('names the rule, the roles with where they come from, and the roles that would allow it, least first', async () => {
    const answer = await explain({
      actorId: world.person('viewer').id,
      projectId: world.project('private'),
      permission: 'comments.add',
    });
    expect(answer).toEqual({
      decision: 'deny',
      reason: 'noRule',
      projectId: world.project('private'),
      rule: null,
      matching: [],
      roles: [
        { role: 'anonymous', via: 'everyone' },
        { role: 'authenticated', via: 'everyone' },
        { role: 'user', via: 'everyone' },
        { role: 'viewer', via: 'direct' },
        { role: 'guest', via: 'inherited', from: 'viewer' },
      ],
      grantedBy: ['correspondent', 'editor', 'developer', 'manager', 'owner', 'admin'],
      furtherRules: [],
    });
    const allowed = await explain({
      actorId: world.person('developer').id,
      projectId: world.project('private'),
      permission: 'comments.add',
    });
    const rule = { kind: 'permission', role: 'editor', object: 'comments', action: 'add', effect: 'allow' };
    expect(allowed).toMatchObject({ decision: 'allow', reason: 'allowedByRule', rule, matching: [rule] });
    expect(allowed.roles).toContainEqual({ role: 'viewer', via: 'inherited', from: 'editor' });
  });

  test('says through which organization a role is held, and nothing of one that is suspended', async () => {
    const projectId = world.project('private');
    const member = await explain({
      actorId: world.person('colleague').id,
      projectId,
      permission: 'jobs.cancel',
    });
    expect(member.decision).toBe('allow');
    expect(member.roles).toContainEqual({
      role: 'developer',
      via: 'organization',
      organization: { id: world.organizationId, username: 'guild', name: 'Guild', actorType: 'organization' },
    });
    const former = await explain({
      actorId: world.person('former').id,
      projectId,
      permission: 'jobs.cancel',
    });
    expect(former).toMatchObject({ decision: 'deny', reason: 'noRule' });
    expect(former.roles.map(({ role }) => role)).toEqual(['anonymous', 'authenticated', 'user']);
  });

  test("tells roles held everywhere, and those of a public project, from those of one's own", async () => {
    const everywhere = await explain({
      actorId: world.admin.id,
      projectId: world.project('private'),
      permission: 'jobs.cancel',
    });
    expect(everywhere.roles).toContainEqual({ role: 'admin', via: 'everywhere' });
    expect(everywhere.rule).toMatchObject({ role: 'admin', object: '*', action: '*' });
    const passing = await explain({
      actorId: world.person('former').id,
      projectId: world.project('public'),
      permission: 'threads.list',
    });
    expect(passing).toMatchObject({ decision: 'allow', rule: { role: 'guest' } });
    expect(passing.roles).toContainEqual({ role: 'guest', via: 'publicProject' });
  });

  test('names the rule that denies beside those that would have allowed', async () => {
    const answer = await explain({
      actorId: world.person('barred').id,
      projectId: world.project('private'),
      permission: 'comments.add',
    });
    const deny = { kind: 'permission', role: 'barred', object: 'comments', action: '*', effect: 'deny' };
    expect(answer).toMatchObject({ decision: 'deny', reason: 'deniedByRule', rule: deny });
    expect(answer.matching).toHaveLength(2);
    expect(answer.grantedBy).not.toContain('barred');
  });

  test('of a procedure outside projects counts only what is held everywhere, and says so', async () => {
    const answer = await explain({
      actorId: world.person('owner').id,
      projectId: world.project('private'),
      permission: 'projects.create',
    });
    expect(answer).toMatchObject({ decision: 'allow', projectId: null });
    expect(answer.roles.map(({ role }) => role)).not.toContain('owner');
    const { grantedBy } = await explain({ actorId: null, permission: 'audit.system' });
    expect(grantedBy).toEqual(['auditor', 'admin']);
    // Roles that can only be held in a project would be of no use there.
    const outside = await explain({ actorId: null, permission: 'audit.list' });
    expect(outside.grantedBy).toEqual(['auditor', 'admin']);
  });

  test('tells the rules that a procedure asks besides', async () => {
    const answer = await explain({
      actorId: world.person('editor').id,
      projectId: world.project('private'),
      permission: 'comments.edit',
    });
    expect(answer).toMatchObject({
      decision: 'allow',
      furtherRules: ['Only its author edits a comment.'],
    });
    expect(furtherRules.flatMap((rule) => rule.procedures).filter((name) => !procedures.has(name))).toEqual(
      [],
    );
  });

  test('is of people, keys of their own and procedures that there are', async () => {
    const { id: actorId } = world.person('owner');
    const foreign = world.subject('key of a suspended account').apiKeyId;
    const permission = 'projects.get';
    for (const input of [
      { actorId: randomUUID(), permission },
      { actorId: world.organizationId, permission },
      { actorId, apiKeyId: randomUUID(), permission },
      { actorId, apiKeyId: foreign, permission },
      { actorId: null, apiKeyId: foreign, permission },
    ])
      expect((await failureOf(explain(input))).code).toBe('NOT_FOUND');
    for (const unknown of ['projects.fly', 'projects', 'constructor.name', '*', ''])
      expect((await failureOf(explain({ actorId, permission: unknown }))).code).toBe('BAD_INPUT');
  });

  test('is for administrators, and never for a key', async () => {
    const input = { actorId: null, permission: 'projects.get' };
    const { key } = await world.admin.client.apiKeys.create.mutate({ name: 'all', scopes: ['*'] });
    for (const client of [world.person('owner').client, world.server.connect(key)]) {
      expect((await failureOf(client.policies.explain.query(input))).code).toBe('FORBIDDEN');
      expect((await failureOf(client.policies.whoCan.query({ permission: 'projects.get' }))).code).toBe(
        'FORBIDDEN',
      );
      expect((await failureOf(client.policies.whatCan.query({ actorId: null }))).code).toBe('FORBIDDEN');
    }
  });
});
