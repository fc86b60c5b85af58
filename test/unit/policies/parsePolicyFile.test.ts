import { describe, expect, test } from 'vitest';
import { builtinRoles, implicitRoles } from '../../../src/authz/builtinRoles.ts';
import { defaultRules } from '../../../src/authz/defaultPolicy.ts';
import { type PolicyRule, describeRule, fromLine } from '../../../src/authz/PolicyRule.ts';
import { parsePolicyFile } from '../../../src/domain/policies/parsePolicyFile.ts';
import { byText } from '../../../src/domain/policies/planEdit.ts';

const roles = new Map<string, 'system' | 'project' | 'implicit'>([
  ...builtinRoles.map(({ name, scope }) => [name, scope] as const),
  ...implicitRoles.map(({ name }) => [name, 'implicit'] as const),
]);
const read = (text: string, present: PolicyRule[] = []) =>
  parsePolicyFile(text, { roles, present: byText(present) });
const faultsOf = (text: string) => (read(text).faults ?? []).map(({ line, reason }) => `${line}: ${reason}`);

const id = '0199b8f0-0000-7000-8000-000000000001';
const builtin = defaultRules()
  .map((line) => fromLine(line))
  .filter((rule) => rule !== undefined);

describe('a policy file', () => {
  test('says the rules of roles, each once, however it is spaced', () => {
    const { value } = read(
      `\uFEFF# head\r\np,role:viewer,comments,add,allow\r\n\r\n\t p ,  role:viewer ,comments,\tadd , allow\t\r\n  # more\ng, role:editor, role:viewer, *`,
    );
    expect(value?.rules.map(describeRule)).toEqual([
      'p, role:viewer, comments, add, allow',
      'g, role:editor, role:viewer, *',
    ]);
    expect(value?.ignored).toBe(0);
  });

  test('of the built-in policy is that policy', () => {
    expect(read(builtin.map(describeRule).join('\n')).value?.rules).toEqual(builtin);
  });

  test('may name people and what an export derives: these lines are counted, and are no rules', () => {
    const lines = [
      `g, user:${id}, role:admin, *`,
      `g, user:${id}, role:authenticated, *`,
      `g, user:${id}, role:viewer, project:${id}`,
      'g, role:authenticated, role:anonymous, *',
      `g, role:authenticated, role:guest, project:${id}`,
    ];
    expect(read(lines.join('\n')).value).toEqual({ rules: [], ignored: 5 });
  });

  test('may keep a rule that the policy has, though there is no such procedure any more', () => {
    const old: PolicyRule = {
      kind: 'permission',
      role: 'viewer',
      object: 'old',
      action: 'get',
      effect: 'allow',
    };
    expect(read(describeRule(old), [old]).value?.rules).toEqual([old]);
    expect(faultsOf(describeRule(old))).toEqual(['1: there is no router "old"']);
  });

  test.each([
    ['x, role:viewer, comments, add, allow', '"x" is neither p, nor g, nor # before a comment'],
    ['p2, role:viewer, comments, add, allow', '"p2" is neither p, nor g, nor # before a comment'],
    ['__proto__, a', '"__proto__" is neither p, nor g, nor # before a comment'],
    ['> tessera@0.1.0 policies:export', 'it is of npm, not of the policy: export with npm run -s'],
    ['p', 'a p line has 5 values, and this one 1'],
    ['p, role:viewer, comments, add', 'a p line has 5 values, and this one 4'],
    ['p, role:viewer, comments, add, allow, x', 'a p line has 5 values, and this one 6'],
    ['g, role:editor, role:viewer', 'a g line has 4 values, and this one 3'],
    ['p, role:viewer, comments, , allow', 'value 3 is empty'],
    ['p, role:viewer, comments, add, allow,', 'value 5 is empty'],
    ['p, "role:viewer", comments, add, allow', 'value 1 holds "\\"" (U+0022), and only'],
    ["p, role:viewer, comments, 'add', allow", 'value 3 holds "\'" (U+0027)'],
    ['p, role:viewer, comments, add(), allow', 'value 3 holds "(" (U+0028)'],
    ['p, role:viewer, comments, a dd, allow', 'value 3 holds " " (U+0020)'],
    ['p, role:viеwer, comments, add, allow', 'value 1 holds "е" (U+0435)'],
    ['p, role:viewer, comments, add\u00a0, allow', 'value 3 holds "\u00a0" (U+00A0)'],
    ['p, role:viewer, comments, add\0, allow', 'value 3 holds "\\u0000" (U+0000)'],
    ['p, role:viewer, comments\rp, add, allow', 'value 2 holds "\\r" (U+000D)'],
    ['p, role:viewer, comments, 😀, allow', 'value 3 holds "😀" (U+1F600)'],
    ['p, like:role:%, comments, add, allow', 'value 1 holds "%" (U+0025)'],
    [
      'p, like:role:viewer, comments, add, allow',
      'value 1 begins with like:, which other tools take for a pattern',
    ],
    ['p, role:viewer, regex:comments, add, allow', 'value 2 begins with regex:'],
    [`p, role:viewer, comments, ${'a'.repeat(10_240)}, allow`, 'value 3 has more than 100 characters'],
    ['p, viewer, comments, add, allow', 'rules are of the form'],
    [`p, user:${id}, comments, add, allow`, 'rules are of the form'],
    ['p, role:viewer, comments, add, Allow', 'rules are of the form'],
    ['p, role:nobody, comments, add, allow', 'there is no role nobody'],
    ['p, role:Viewer, comments, add, allow', '"Viewer" is no name of a role'],
    ['p, role:, comments, add, allow', '"" is no name of a role'],
    ['p, role:viewer, comment, add, allow', 'there is no router "comment"'],
    ['p, role:viewer, comments, put, allow', 'there is no procedure "comments.put"'],
    ['p, role:viewer, *, add, allow', 'every router (*) goes only with every procedure (*)'],
    ['p, role:viewer, constructor, name, allow', 'there is no router "constructor"'],
    ['g, role:editor, viewer, *', 'rules are of the form'],
    [`g, role:editor, role:viewer, project:${id}`, 'rules are of the form'],
    ['g, role:guest, role:admin, *', 'guest is had without being given, and inherits nothing'],
    [
      'g, role:authenticated, role:admin, *',
      'authenticated is had without being given, and inherits nothing',
    ],
    [`g, role:authenticated, role:admin, project:${id}`, 'rules are of the form'],
    [`g, role:authenticated, role:anonymous, project:${id}`, 'rules are of the form'],
    ['g, role:authenticated, role:guest, project:x', 'rules are of the form'],
    ['g, role:viewer, role:admin, *', 'viewer is held in projects, and admin everywhere'],
    ['g, user:x, role:viewer, *', '"user:x" is no actor: user: and an id'],
    [`g, user:${id}, role:nobody, *`, 'there is no role "role:nobody"'],
    [`g, user:${id}, viewer, *`, 'there is no role "viewer"'],
    [`g, user:${id}, role:viewer, project:*`, '"project:*" is no domain: *, or project: and an id'],
  ])('with %j is refused, with the line and the reason', (line, reason) => {
    const faults = faultsOf(`# head\n\n${line}\np, role:viewer, comments, list, allow\n`);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`3: ${reason}`);
    expect(faults[0]?.length).toBeLessThan(300);
  });

  test('is told of twenty faults at most', () => {
    expect(faultsOf('x\n'.repeat(100_000))).toHaveLength(20);
  });
});
