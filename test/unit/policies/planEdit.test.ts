import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeRule } from '../../../src/authz/PolicyRule.ts';
import { editBetween, planEdit } from '../../../src/domain/policies/planEdit.ts';
import { undoVersions } from '../../../src/domain/policies/rollbackPolicy.ts';
import { inheritance, permission } from '../../support/policy.ts';

const rule = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('x.y', 'x.z', 'x.*'))
    .map(([role, name]) => permission(role, name)),
  fc.constantFrom(inheritance('a', 'b'), inheritance('b', 'c')),
);
const rules = fc.array(rule, { maxLength: 6 });
const textsOf = (list: readonly ReturnType<typeof permission>[]) => list.map(describeRule).toSorted();
const distinct = (list: readonly ReturnType<typeof permission>[]) => [...new Set(textsOf(list))];

test('a plan says what comes, what goes, and what stays, each rule once', () => {
  const [there, fresh] = [permission('a', 'x.y'), permission('a', 'x.z')];
  expect(planEdit([there], { add: [there, fresh, fresh], remove: [permission('b', 'x.y')] })).toEqual({
    added: [fresh],
    removed: [],
    unchanged: [there, permission('b', 'x.y')],
    candidate: [there, fresh],
  });
  expect(planEdit([there], { add: [], remove: [{ ...there }] })).toEqual({
    added: [],
    removed: [there],
    unchanged: [],
    candidate: [],
  });
});

test('whatever an edit is, its plan leads to the candidate, and can be undone', () => {
  fc.assert(
    fc.property(rules, rules, rules, (current, add, remove) => {
      const { added, removed, candidate } = planEdit(current, { add, remove });
      expect(textsOf(undoVersions(candidate, [{ added, removed }]))).toEqual(distinct(current));
      const again = planEdit(current, editBetween(current, candidate));
      expect(textsOf(again.added)).toEqual(textsOf(added));
      expect(textsOf(again.removed)).toEqual(textsOf(removed));
    }),
  );
});

test('versions are undone newest first', () => {
  const [one, two, three] = [permission('a', 'x.y'), permission('a', 'x.z'), inheritance('a', 'b')];
  // one was replaced by two, then two by three, then one came back.
  const versions = [
    { added: [one], removed: [] },
    { added: [three], removed: [two] },
    { added: [two], removed: [one] },
  ];
  expect(undoVersions([three, one], versions)).toEqual([one]);
  expect(undoVersions([three, one], versions.slice(0, 2))).toEqual([two]);
});
