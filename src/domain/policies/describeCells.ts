/** The matrix of roles and permissions: who may do what, and from where they have it. */
import { concerns, decisiveRoles } from '../../authz/decisiveRoles.ts';
import { permissionNames, splitPermission } from '../../authz/permissionNames.ts';
import type { PermissionRule } from '../../authz/PolicyRule.ts';
import type { Snapshot } from '../../authz/Snapshot.ts';
import type { CellState, ChangedCell, RoleCells } from '../../views/policies.ts';

const patternOf = ({ object, action }: PermissionRule) => (object === '*' ? '*' : `${object}.${action}`);

/** A rule that names the permission says more than a wildcard. */
const wildness = ({ object, action }: PermissionRule) => Number(object === '*') + Number(action === '*');

type RulesByRole = ReadonlyMap<string, readonly PermissionRule[]>;

function groupRules({ rules }: Snapshot): RulesByRole {
  const permissions = rules.filter((rule) => rule.kind === 'permission');
  return Map.groupBy(
    permissions.toSorted((a, b) => wildness(a) - wildness(b)),
    (rule) => rule.role,
  );
}

/** The nearest rule of this effect: the role's own, or of those it inherits the first that is come upon. */
function findSource(
  chain: readonly string[],
  rulesByRole: RulesByRole,
  effect: 'allow' | 'deny',
  permission: string,
): PermissionRule | undefined {
  const parts = splitPermission(permission);
  for (const role of chain) {
    const rule = rulesByRole.get(role)?.find((one) => one.effect === effect && concerns(one, ...parts));
    if (rule) return rule;
  }
  return undefined;
}

/** What each of these roles may do by itself, under this policy. */
export function describeCells(policy: Snapshot, roles: Iterable<string>): Map<string, RoleCells> {
  const rulesByRole = groupRules(policy);
  const described = new Map<string, RoleCells>();
  for (const role of roles) {
    const subject = `role:${role}`;
    const chain = [...policy.inherited([subject])].map((one) => one.slice('role:'.length));
    const cells: RoleCells = { role, own: [], inherited: [], denied: [] };
    for (const permission of permissionNames) {
      const { grants, denies } = decisiveRoles(policy, permission);
      const isDenied = denies.has(subject);
      if (!isDenied && !grants.has(subject)) continue;
      const rule = findSource(chain, rulesByRole, isDenied ? 'deny' : 'allow', permission);
      if (!rule) continue;
      const cell = { permission, from: rule.role, pattern: patternOf(rule) };
      cells[isDenied ? 'denied' : rule.role === role ? 'own' : 'inherited'].push(cell);
    }
    described.set(role, cells);
  }
  return described;
}

function statesOf(cells: RoleCells | undefined): Map<string, CellState> {
  const states = new Map<string, CellState>();
  for (const state of ['own', 'inherited', 'denied'] as const)
    for (const { permission } of cells?.[state] ?? []) states.set(permission, state);
  return states;
}

/** The cells that differ between two policies. */
export function compareCells(before: Snapshot, after: Snapshot, roles: Iterable<string>): ChangedCell[] {
  const names = [...roles];
  const [former, future] = [describeCells(before, names), describeCells(after, names)];
  return names.flatMap((role) => {
    const [was, is] = [statesOf(former.get(role)), statesOf(future.get(role))];
    return permissionNames.flatMap((permission) => {
      const change = { before: was.get(permission) ?? 'none', after: is.get(permission) ?? 'none' } as const;
      return change.before === change.after ? [] : [{ role, permission, ...change }];
    });
  });
}
