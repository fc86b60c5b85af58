import { describe, expect, test } from 'vitest';
import type { PolicyRule } from '../../../src/authz/PolicyRule.ts';
import { type RoleScopes, findRuleFaults } from '../../../src/domain/policies/findRuleFaults.ts';
import { inheritance, permission } from '../../support/policy.ts';

const roles: RoleScopes = new Map([
  ['anonymous', 'implicit'],
  ['authenticated', 'implicit'],
  ['guest', 'implicit'],
  ['user', 'system'],
  ['admin', 'system'],
  ['auditor', 'system'],
  ['owner', 'project'],
  ['editor', 'project'],
  ['viewer', 'project'],
]);
const present = [
  inheritance('owner', 'editor'),
  inheritance('editor', 'viewer'),
  inheritance('viewer', 'guest'),
];

/** Why these rules are refused, added to the present ones. */
function reasonsFor(...added: PolicyRule[]): string[] {
  return findRuleFaults(added, [...present, ...added], roles).map(({ reason }) => reason);
}

describe('rules of permissions', () => {
  test.each([
    permission('viewer', 'threads.create'),
    permission('viewer', 'threads.*'),
    permission('viewer', '*.*'),
    permission('anonymous', 'projects.search'),
    permission('owner', 'projects.delete', 'deny'),
    permission('user', 'projects.create', 'deny'),
  ])('of what there is are taken: %j', (rule) => {
    expect(reasonsFor(rule)).toEqual([]);
  });

  test.each([
    [permission('emperor', 'threads.create'), 'there is no role emperor'],
    [permission('Viewer', 'threads.create'), '"Viewer" is no name of a role'],
    [permission('vi\u0435wer', 'threads.create'), '"vi\u0435wer" is no name of a role'],
    [permission('viewer\n', 'threads.create'), '"viewer\\n" is no name of a role'],
    [permission('', 'threads.create'), '"" is no name of a role'],
    [permission('viewer', 'thread.create'), 'there is no router "thread"'],
    [permission('viewer', 'constructor.name'), 'there is no router "constructor"'],
    [permission('viewer', 'threads.constructor'), 'there is no procedure "threads.constructor"'],
    [permission('viewer', 'threads.explode'), 'there is no procedure "threads.explode"'],
    [permission('viewer', '*.list'), 'every router (*) goes only with every procedure (*)'],
    [
      permission('viewer', 'threads.create', 'deny'),
      'editor inherits viewer, and only a role that none inherits may deny',
    ],
    [
      permission('guest', '*.*', 'deny'),
      'viewer inherits guest, and only a role that none inherits may deny',
    ],
  ])('of what there is not are refused: %j', (rule, reason) => {
    expect(reasonsFor(rule)).toEqual([reason]);
  });

  test('are told shortly however long they are', () => {
    const [reason = ''] = reasonsFor(permission('v'.repeat(10_000), 'threads.create'));
    expect(reason.length).toBeLessThan(100);
  });
});

describe('rules of inheritance', () => {
  test.each([
    inheritance('auditor', 'viewer'),
    inheritance('auditor', 'guest'),
    inheritance('auditor', 'user'),
    inheritance('user', 'guest'),
    inheritance('owner', 'viewer'),
  ])('%j is taken', (rule) => {
    expect(reasonsFor(rule)).toEqual([]);
  });

  test.each([
    [inheritance('guest', 'viewer'), 'guest is had without being given, and inherits nothing'],
    [inheritance('anonymous', 'guest'), 'anonymous is had without being given, and inherits nothing'],
    [
      inheritance('auditor', 'authenticated'),
      'authenticated is had without being given, and is not inherited',
    ],
    [inheritance('viewer', 'anonymous'), 'anonymous is had without being given, and is not inherited'],
    [
      inheritance('viewer', 'admin'),
      'viewer is held in projects, and admin everywhere: a role of projects inherits only such roles',
    ],
    [inheritance('viewer', 'emperor'), 'there is no role emperor'],
    [inheritance('emperor', 'viewer'), 'there is no role emperor'],
    [inheritance('viewer', 'viewer'), 'viewer would inherit itself: viewer, then viewer'],
    [
      inheritance('viewer', 'owner'),
      'viewer would inherit itself: viewer, then owner, then editor, then viewer',
    ],
  ])('%j is refused', (rule, reason) => {
    expect(reasonsFor(rule)).toEqual([reason]);
  });

  test('that close a circle together are both refused', () => {
    expect(reasonsFor(inheritance('user', 'auditor'), inheritance('auditor', 'user'))).toHaveLength(2);
  });

  test('make chains as long as Casbin follows, and no longer', () => {
    const names = Array.from({ length: 11 }, (_, index) => `level${index}`);
    const known: RoleScopes = new Map([...roles, ...names.map((name) => [name, 'system'] as const)]);
    const links = names.slice(1).map((name, index) => inheritance(names[index] ?? '', name));
    const middle = links[4];
    expect(findRuleFaults(links.slice(0, 9), links.slice(0, 9), known)).toEqual([]);
    expect(middle && findRuleFaults([middle], links, known).map(({ reason }) => reason)).toEqual([
      'more than 9 links of inheritance would stand one after another, and Casbin follows no longer chain',
    ]);
  });

  test('of a role that denies are refused, whichever of both comes first', () => {
    const denial = permission('auditor', 'projects.create', 'deny');
    const link = inheritance('admin', 'auditor');
    const candidate = [denial, link];
    expect(findRuleFaults([link], candidate, roles).map(({ reason }) => reason)).toEqual([
      'auditor denies something, and such a role is not inherited',
    ]);
    expect(findRuleFaults([denial], candidate, roles).map(({ reason }) => reason)).toEqual([
      'admin inherits auditor, and only a role that none inherits may deny',
    ]);
  });
});

test('what was there before is not judged, so that it can be mended', () => {
  const odd = [permission('ghost', 'threads.create'), permission('guest', 'threads.list', 'deny')];
  const added = permission('viewer', 'threads.create');
  expect(findRuleFaults([added], [...odd, ...present, added], roles)).toEqual([]);
});
