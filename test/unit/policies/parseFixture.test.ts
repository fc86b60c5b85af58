import { describe, expect, test } from 'vitest';
import { builtinRoles } from '../../../src/authz/builtinRoles.ts';
import { findUnknown } from '../../../src/domain/policies/findUnknown.ts';
import { parseFixture } from '../../../src/domain/policies/parseFixture.ts';
import { startCpuClock } from '../../support/cpuClock.ts';

const whole = `# What viewers are for.
tests:
  - name: a viewer reads and does not write
    given:
      roles: [viewer]
      project: public
      scopes:
        - threads.*
    then:
      allow:
        - threads.list
        - comments.list
      deny: [comments.add]
  - name: who is signed out signs in
    given: { anonymous: true, project: none }
    then: { allow: [auth.login] }
  - name: everyone signed in
    then: { deny: ['projects.get'] }
`;

const at = (text: string, line: number) => ({ text, line });

/** The faults of a fixture as `line: reason`. */
function faultsOf(source: string): string[] {
  const { value, faults } = parseFixture(source);
  const roles = new Map<string, 'system' | 'project' | 'implicit'>([
    ...builtinRoles.map(({ name, scope }) => [name, scope] as const),
    ['guest', 'implicit'],
  ]);
  return (faults ?? [...findUnknown(value, roles)]).map(({ line, reason }) => `${line}: ${reason}`);
}

/** A fixture of one test, that begins in line 2. */
const testOf = (lines: string) => `tests:\n${lines.replaceAll(/^/gm, '    ').replace('    ', '  - ')}`;

describe('a fixture that is too large', () => {
  test.each([
    ['name: x\nthen:\n  allow:\n    - auth.me\n    - auth.me', '6: "auth.me" stands in this test twice'],
    ['name: x\nthen:\n  allow: [auth.me]\n  deny: [auth.me]', '5: "auth.me" stands in this test twice'],
  ])('names a permission twice: %j', (lines, fault) => {
    expect(faultsOf(testOf(lines))).toEqual([fault]);
  });

  test('has more expectations than anybody reads', () => {
    const line = '  - { name: x, then: { allow: [auth.me] } }\n';
    expect(parseFixture(`tests:\n${line.repeat(2000)}`).faults).toBeUndefined();
    expect(faultsOf(`tests:\n${line.repeat(2001)}`)).toEqual(['2002: here it goes beyond 2000 expectations']);
  });

  test('gives its caller more roles or scopes than there are', () => {
    const roles = Array.from({ length: 101 }, () => 'viewer').join(', ');
    const scopes = Array.from({ length: 101 }, () => 'threads.*').join(', ');
    for (const given of [`roles: [${roles}]`, `scopes: [${scopes}]`])
      expect(faultsOf(testOf(`name: x\ngiven: { ${given} }\nthen: { allow: [auth.me] }`))).toHaveLength(1);
  });
});

describe('a fixture', () => {
  test('is read with the line of each word', () => {
    expect(parseFixture(whole).value).toEqual({
      tests: [
        {
          name: 'a viewer reads and does not write',
          given: {
            isSignedIn: true,
            roles: [at('viewer', 5)],
            project: 'public',
            scopes: [at('threads.*', 8)],
          },
          expectations: [
            { permission: 'threads.list', expected: 'allow', line: 11 },
            { permission: 'comments.list', expected: 'allow', line: 12 },
            { permission: 'comments.add', expected: 'deny', line: 13 },
          ],
        },
        {
          name: 'who is signed out signs in',
          given: { isSignedIn: false, roles: [], project: 'none', scopes: null },
          expectations: [{ permission: 'auth.login', expected: 'allow', line: 16 }],
        },
        {
          name: 'everyone signed in',
          given: { isSignedIn: true, roles: [], project: 'private', scopes: null },
          expectations: [{ permission: 'projects.get', expected: 'deny', line: 18 }],
        },
      ],
    });
    expect(faultsOf(whole)).toEqual([]);
  });

  test.each<[string, string[]]>([
    ['', ['1: Invalid input: expected object, received null']],
    ['# nothing\n', [expect.stringContaining('expected object') as string]],
    ['tests: []', ['1: tests: Too small: expected array to have >=1 items']],
    ['- a\n- b', ['1: Invalid input: expected object, received array']],
    ['tests:\n  - name: x\n    then: { allow: [auth.me], alow: [] }\n', ['3: there is no key "alow" here']],
    [
      'test:\n  - name: x\n',
      ['1: tests: Invalid input: expected array, received undefined', '1: there is no key "test" here'],
    ],
    [
      testOf('name: x\ngiven:\n  roles: viewer\nthen:\n  allow: [auth.me]'),
      ['4: roles: Invalid input: expected array, received string'],
    ],
    [
      testOf('name: x\ngiven:\n  project: secret\nthen:\n  allow: [auth.me]'),
      [expect.stringMatching(/^4: project: Invalid option/) as string],
    ],
    [
      testOf('name: 12\nthen:\n  allow: [auth.me]'),
      ['2: name: Invalid input: expected string, received number'],
    ],
    [testOf('name: x\nthen:\n  allow: []'), ['4: then: allow or deny one procedure at least']],
    [
      testOf('name: x\ngiven:\n  roles: [viewer]\n  anonymous: true\nthen:\n  allow: [auth.me]'),
      ['5: anonymous: who is not signed in has neither roles nor an API key'],
    ],
    [testOf('name: x\n__proto__: 1\nthen:\n  allow: [auth.me]'), ['3: there is no key "__proto__" here']],
  ])('of the wrong form is refused with its line: %j', (source, faults) => {
    expect(faultsOf(source)).toEqual(faults);
  });

  test.each<[string, string[]]>([
    [
      testOf('name: x\ngiven:\n  roles:\n    - viewer\n    - veiwer\nthen:\n  allow: [auth.me]'),
      [
        '6: there is no role "veiwer" to be given, only admin, user, owner, manager, developer, editor, viewer',
      ],
    ],
    [
      testOf('name: x\ngiven: { roles: [guest] }\nthen:\n  allow: [auth.me]'),
      [expect.stringMatching(/^3: there is no role "guest" to be given/) as string],
    ],
    [
      testOf('name: x\ngiven: { roles: [viewer], project: none }\nthen:\n  allow: [auth.me]'),
      ['3: the role viewer is held in a project, and this test is outside any'],
    ],
    [
      testOf(
        'name: x\nthen:\n  allow:\n    - auth.me\n    - auth.mee\n  deny: [auth, auth.me.x, constructor.name, "*"]',
      ),
      [
        '6: there is no procedure "auth.mee"',
        '7: there is no procedure "auth"',
        '7: there is no procedure "auth.me.x"',
        '7: there is no procedure "constructor.name"',
        '7: there is no procedure "*"',
      ],
    ],
    [
      testOf(
        'name: x\ngiven:\n  scopes:\n    - threads.*\n    - policies.*\n    - threads\nthen:\n  allow: [auth.me]',
      ),
      ['6: an API key cannot have the scope "policies.*"', '7: an API key cannot have the scope "threads"'],
    ],
  ])('that names what there is not is refused with its line: %j', (source, faults) => {
    expect(faultsOf(source)).toEqual(faults);
  });

  test.each<[string, string, RegExp]>([
    ['an anchor', 'a: &x 1\nb: *x\n', /^1: anchors are not supported$/],
    ['an anchor of itself', 'tests:\n  - &a [*a]\n', /^2: anchors are not supported$/],
    ['an alias of nothing', 'tests:\n  - *a\n', /^2: aliases are not supported$/],
    ['a tag', 'tests: !!seq []', /^1: tags are not supported$/],
    ['a tag of a function', 'tests:\n\n  !!js/function x\n', /^3: /],
    ['a key twice', 'tests: []\ntests: []', /^2: the key tests stands here twice$/],
    ['two documents', 'tests: []\n---\ntests: []', /^2: a second document begins here$/],
    ['a key that is a list', '? [a]\n: 1', /^1: With stringKeys, all keys must be strings$/],
    ['an open list', 'tests: [a, b\n', /^2: /],
    ['an open quote', 'tests:\n  - "a', /^2: /],
    ['a tab', 'tests:\n\t- a', /^2: /],
    ['a version to come', '%YAML 3.0\n---\na: 1', /^1: /],
    ['brackets without end', '['.repeat(65_536), /^1: this lies too deep$/],
    ['lists in lists', '- '.repeat(32_000), /^1: this lies too deep$/],
    ['maps in maps', `tests:\n  - ${'{a: '.repeat(16_000)}`, /^2: this lies too deep$/],
  ])('with %s is refused with its line', (_, source, first) => {
    expect(faultsOf(source)[0]).toMatch(first);
  });

  test.each([
    ['commas', `[${','.repeat(65_000)}]`],
    ['quotes', '"'.repeat(65_536)],
    ['keys', Array.from({ length: 9000 }, (_, n) => `k${n}:`).join('\n')],
    ['documents', '---\n'.repeat(16_000)],
    ['anchors', '- &a x\n'.repeat(9000)],
  ])('of nothing but %s is refused at once, in twenty faults at most', (_, source) => {
    const spent = startCpuClock();
    const { faults } = parseFixture(source);
    expect(spent()).toBeLessThan(3000);
    expect(faults?.length).toBeGreaterThan(0);
    expect(faults?.length).toBeLessThanOrEqual(20);
    for (const { reason } of faults ?? []) expect(reason.length).toBeLessThan(300);
  });
});
