/**
 * The rules that administrators edit: what a role may do, and what it inherits. Which actor has which role
 * is no rule of this kind: that is written by the verbs of members, organizations and system roles alone.
 */

/** A role may, or by `deny` may not, call `object.action`; `*` stands for every object, or every action. */
export interface PermissionRule {
  kind: 'permission';
  /** Name without the prefix `role:`. */
  role: string;
  object: string;
  action: string;
  effect: 'allow' | 'deny';
}

/** A role has everything that another has. */
export interface InheritanceRule {
  kind: 'inheritance';
  role: string;
  inherits: string;
}

export type PolicyRule = PermissionRule | InheritanceRule;

/** A rule in Casbin's own words: `[ptype, v0, v1, …]`. */
export type PolicyLine = readonly string[];

export function toLine(rule: PolicyRule): string[] {
  return rule.kind === 'permission'
    ? ['p', `role:${rule.role}`, rule.object, rule.action, rule.effect]
    : ['g', `role:${rule.role}`, `role:${rule.inherits}`, '*'];
}

const prefix = 'role:';
const nameOf = (subject: string) => subject.slice(prefix.length);

/** The rule that a line of `casbin_rules` holds; undefined for a line about an actor, or one of another shape. */
export function fromLine(line: PolicyLine): PolicyRule | undefined {
  const [ptype, v0 = '', v1 = '', v2 = '', v3] = line;
  if (!v0.startsWith(prefix)) return undefined;
  if (ptype === 'p' && (v3 === 'allow' || v3 === 'deny'))
    return { kind: 'permission', role: nameOf(v0), object: v1, action: v2, effect: v3 };
  if (ptype === 'g' && v1.startsWith(prefix) && v2 === '*' && v3 === undefined)
    return { kind: 'inheritance', role: nameOf(v0), inherits: nameOf(v1) };
  return undefined;
}

/** One text for one rule, as in the policy file: `p, role:editor, comments, add, allow`. */
export function describeRule(rule: PolicyRule): string {
  return toLine(rule).join(', ');
}
