import type { Inputs, Outputs } from 'tessera-client';

export type Matrix = Outputs['policies']['matrix'];
export type Change = Inputs['policies']['propose']['changes'][number];
export type Rule = Change['rule'];
export type Proposal = Outputs['policies']['propose'];
export type Version = Outputs['policies']['history']['items'][number];

/** A rule in words: “editor may comments.add”. */
export function describeRule(rule: Rule): string {
  if (rule.kind === 'inheritance') return `${rule.role} has all that ${rule.inherits} has`;
  const what = rule.object === '*' && rule.action === '*' ? 'everything' : `${rule.object}.${rule.action}`;
  return rule.effect === 'allow' ? `${rule.role} may ${what}` : `${rule.role} may never ${what}`;
}

/** One text for one rule. */
export const keyOf = (rule: Rule): string =>
  rule.kind === 'inheritance'
    ? `g ${rule.role} ${rule.inherits}`
    : `p ${rule.role} ${rule.object} ${rule.action} ${rule.effect}`;
