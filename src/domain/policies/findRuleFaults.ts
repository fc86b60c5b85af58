import { isProcedure, isRouter } from '../../authz/procedures.ts';
import { mostLinks } from '../../authz/RoleSet.ts';
import {
  type InheritanceRule,
  type PermissionRule,
  type PolicyRule,
  describeRule,
} from '../../authz/PolicyRule.ts';
import { roleNamePattern } from '../../authz/roleName.ts';

/** Every role there is, implicit ones too, and where it is held. */
export type RoleScopes = ReadonlyMap<string, 'system' | 'project' | 'implicit'>;

/** A rule that the policy does not take, and why, as the end of a sentence. */
export interface RuleFault {
  rule: PolicyRule;
  reason: string;
}

/** What was found, short enough for a message. */
const quote = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

function findNameFault(name: string, roles: RoleScopes): string | undefined {
  if (!roleNamePattern.test(name)) return `${quote(name)} is no name of a role`;
  return roles.has(name) ? undefined : `there is no role ${name}`;
}

function findPermissionFault({ object, action }: PermissionRule): string | undefined {
  if (object === '*')
    return action === '*' ? undefined : 'every router (*) goes only with every procedure (*)';
  if (!isRouter(object)) return `there is no router ${quote(object)}`;
  if (action === '*' || isProcedure(`${object}.${action}`)) return undefined;
  return `there is no procedure ${quote(`${object}.${action}`)}`;
}

function findInheritanceFault({ role, inherits }: InheritanceRule, roles: RoleScopes): string | undefined {
  const [heir, parent] = [roles.get(role), roles.get(inherits)];
  if (heir === 'implicit') return `${role} is had without being given, and inherits nothing`;
  if (parent === 'implicit' && inherits !== 'guest')
    return `${inherits} is had without being given, and is not inherited`;
  if (heir === 'project' && parent === 'system')
    return `${role} is held in projects, and ${inherits} everywhere: a role of projects inherits only such roles`;
  return undefined;
}

/** What is wrong with a rule taken by itself; undefined: nothing. */
export function findFault(rule: PolicyRule, roles: RoleScopes): string | undefined {
  const nameFault = findNameFault(rule.role, roles);
  if (nameFault !== undefined) return nameFault;
  if (rule.kind === 'permission') return findPermissionFault(rule);
  return findNameFault(rule.inherits, roles) ?? findInheritanceFault(rule, roles);
}

/** The way by which `from` inherits `to`, both ends included; undefined: it does not. */
function findWay(from: string, to: string, links: readonly InheritanceRule[]): string[] | undefined {
  const ways = new Map([[from, [from]]]);
  for (const [at, way] of ways) {
    if (at === to) return way;
    for (const link of links)
      if (link.role === at && !ways.has(link.inherits)) ways.set(link.inherits, [...way, link.inherits]);
  }
  return undefined;
}

/** Links of the longest chain from a role on, upwards or downwards; it is not followed past what Casbin follows. */
function countLinks(from: string, next: (role: string) => readonly string[]): number {
  let reached = new Set([from]);
  for (let links = 0; ; links += 1) {
    reached = new Set([...reached].flatMap(next));
    if (reached.size === 0 || links === mostLinks) return links;
  }
}

/** The links of the longest chain that a new link is part of. */
function countChain({ role, inherits }: InheritanceRule, links: readonly InheritanceRule[]): number {
  const parents = Map.groupBy(links, (link) => link.role);
  const heirs = Map.groupBy(links, (link) => link.inherits);
  const above = countLinks(inherits, (at) => (parents.get(at) ?? []).map((link) => link.inherits));
  const below = countLinks(role, (at) => (heirs.get(at) ?? []).map((link) => link.role));
  return below + 1 + above;
}

function findStructureFault(rule: PolicyRule, candidate: readonly PolicyRule[]): string | undefined {
  const links = candidate.filter((other) => other.kind === 'inheritance');
  if (rule.kind === 'inheritance') {
    const way = findWay(rule.inherits, rule.role, links);
    if (way) return `${rule.role} would inherit itself: ${[rule.role, ...way].join(', then ')}`;
    if (countChain(rule, links) > mostLinks)
      return `more than ${mostLinks} links of inheritance would stand one after another, and Casbin follows no longer chain`;
    const denied = candidate.some(
      (other) => other.kind === 'permission' && other.effect === 'deny' && other.role === rule.inherits,
    );
    return denied ? `${rule.inherits} denies something, and such a role is not inherited` : undefined;
  }
  if (rule.effect === 'allow') return undefined;
  const heir = links.find((link) => link.inherits === rule.role);
  return heir && `${heir.role} inherits ${rule.role}, and only a role that none inherits may deny`;
}

/**
 * What is wrong with the rules that an edit adds. Rules that were there before are not judged: what came by
 * another way does not stand in the way of mending it.
 * @param candidate all rules as they would be with the edit.
 */
export function findRuleFaults(
  added: readonly PolicyRule[],
  candidate: readonly PolicyRule[],
  roles: RoleScopes,
): RuleFault[] {
  return added.flatMap((rule) => {
    const reason = findFault(rule, roles) ?? findStructureFault(rule, candidate);
    return reason === undefined ? [] : [{ rule, reason }];
  });
}

/** A rule as it stands in messages: as in the policy file, and short, whatever is in it. */
export function nameRule(rule: PolicyRule): string {
  const text = describeRule(rule);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
