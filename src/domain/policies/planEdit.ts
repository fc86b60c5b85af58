import { type PolicyRule, describeRule } from '../../authz/PolicyRule.ts';

/** What should come to the policy, and what should go; in any order, and twice is once. */
export interface PolicyEdit {
  add: readonly PolicyRule[];
  remove: readonly PolicyRule[];
}

/** What an edit comes to, the policy being what it is. */
export interface EditPlan {
  /** Rules that are not there yet. */
  added: PolicyRule[];
  /** Rules that are there. */
  removed: PolicyRule[];
  /** Rules of the edit that change nothing: to be added and there already, or to be removed and not there. */
  unchanged: PolicyRule[];
  /** All rules as they would be. */
  candidate: PolicyRule[];
}

/** Rules by their text: each once. */
export function byText(rules: readonly PolicyRule[]): Map<string, PolicyRule> {
  return new Map(rules.map((rule) => [describeRule(rule), rule]));
}

/** Works out what an edit changes; a rule that it both adds and removes is added. */
export function planEdit(current: readonly PolicyRule[], edit: PolicyEdit): EditPlan {
  const [present, add, remove] = [byText(current), byText(edit.add), byText(edit.remove)];
  for (const text of add.keys()) remove.delete(text);
  const plan: EditPlan = { added: [], removed: [], unchanged: [], candidate: [] };
  for (const [text, rule] of add) (present.has(text) ? plan.unchanged : plan.added).push(rule);
  for (const [text, rule] of remove) (present.has(text) ? plan.removed : plan.unchanged).push(rule);
  plan.candidate = [...present]
    .filter(([text]) => !remove.has(text))
    .map(([, rule]) => rule)
    .concat(plan.added);
  return plan;
}

/** The edit that takes the policy from one set of rules to another. */
export function editBetween(current: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyEdit {
  const [present, future] = [byText(current), byText(wanted)];
  return {
    add: [...future].filter(([text]) => !present.has(text)).map(([, rule]) => rule),
    remove: [...present].filter(([text]) => !future.has(text)).map(([, rule]) => rule),
  };
}
