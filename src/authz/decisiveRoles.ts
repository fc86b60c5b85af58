import { splitPermission } from './permissionNames.ts';
import type { PolicyRule } from './PolicyRule.ts';
import { mostLinks } from './RoleSet.ts';
import type { Snapshot } from './Snapshot.ts';

/**
 * The roles, with their prefix, that decide about one permission: who holds one of `grants`, by inheritance
 * too, and none of `denies` may call it. That is the whole effect of the model, so SQL can decide by it.
 */
export interface DecisiveRoles {
  grants: ReadonlySet<string>;
  denies: ReadonlySet<string>;
}

type InheritorsOf = ReadonlyMap<string, readonly string[]>;

function findInheritors(rules: readonly PolicyRule[]): InheritorsOf {
  const inheritors = new Map<string, string[]>();
  for (const rule of rules) {
    if (rule.kind !== 'inheritance') continue;
    const known = inheritors.get(rule.inherits);
    if (known) known.push(rule.role);
    else inheritors.set(rule.inherits, [rule.role]);
  }
  return inheritors;
}

/** The roles whose own rules have this effect, and all that inherit them, as far as Casbin itself would follow it. */
function reach(roles: Iterable<string>, inheritors: InheritorsOf): ReadonlySet<string> {
  const reached = new Set(roles);
  let newest = [...reached];
  for (let links = 0; links < mostLinks && newest.length > 0; links += 1) {
    const known = reached.size;
    for (const role of newest) for (const heir of inheritors.get(role) ?? []) reached.add(heir);
    newest = [...reached].slice(known);
  }
  return new Set([...reached].map((role) => `role:${role}`));
}

/** Whether a rule speaks about `object.action`. */
export function concerns(rule: PolicyRule, object: string, action: string): boolean {
  return (
    rule.kind === 'permission' &&
    (rule.object === object || rule.object === '*') &&
    (rule.action === action || rule.action === '*')
  );
}

interface Worked {
  inheritors: InheritorsOf;
  byPermission: Map<string, DecisiveRoles>;
}

/** Permissions kept per snapshot: more than there are procedures. */
const mostKept = 1000;
const worked = new WeakMap<Snapshot, Worked>();

/** Worked out once per permission and snapshot. */
export function decisiveRoles(snapshot: Snapshot, permission: string): DecisiveRoles {
  const { inheritors, byPermission } = worked.get(snapshot) ?? {
    inheritors: findInheritors(snapshot.rules),
    byPermission: new Map<string, DecisiveRoles>(),
  };
  worked.set(snapshot, { inheritors, byPermission });
  const known = byPermission.get(permission);
  if (known) return known;
  const [object, action] = splitPermission(permission);
  const own = (effect: 'allow' | 'deny') =>
    snapshot.rules.flatMap((rule) =>
      rule.kind === 'permission' && rule.effect === effect && concerns(rule, object, action)
        ? [rule.role]
        : [],
    );
  const found = { grants: reach(own('allow'), inheritors), denies: reach(own('deny'), inheritors) };
  if (byPermission.size >= mostKept) byPermission.clear();
  byPermission.set(permission, found);
  return found;
}
