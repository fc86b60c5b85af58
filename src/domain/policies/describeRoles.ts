import type { PolicyRule } from '../../authz/PolicyRule.ts';
import type { HeldRole } from '../../authz/sql/heldRoles.ts';
import type { RoleSource } from '../../views/access.ts';
import type { SupposedCall } from './supposeCall.ts';

/** A role that was given to somebody, and by which way they have it. */
export function viewHeldRole({ role, isEverywhere, organization }: HeldRole): RoleSource {
  if (!organization) return { role, via: isEverywhere ? 'everywhere' : 'direct' };
  return { role, via: 'organization', organization: { ...organization, actorType: 'organization' } };
}

/** What the roles inherit, each by the first of them that brings it, nearest first. */
function findInherited(roles: Iterable<string>, rules: readonly PolicyRule[]): RoleSource[] {
  const known = new Set(roles);
  const found: RoleSource[] = [];
  // A set is walked in the order in which it grows: what is inherited is looked through in its turn.
  for (const from of known) {
    for (const rule of rules) {
      if (rule.kind !== 'inheritance' || rule.role !== from || known.has(rule.inherits)) continue;
      known.add(rule.inherits);
      found.push({ role: rule.inherits, via: 'inherited', from });
    }
  }
  return found;
}

/** Every role of a call, each way that it came by, and what these inherit. */
export function describeRoles({ snapshot, isSignedIn, given, visibility }: SupposedCall): RoleSource[] {
  const everyone = isSignedIn ? ['anonymous', 'authenticated', 'user'] : ['anonymous'];
  const direct: RoleSource[] = [
    ...everyone.map((role) => ({ role, via: 'everyone' }) as const),
    ...given.map(viewHeldRole),
    ...(isSignedIn && visibility === 'public' ? [{ role: 'guest', via: 'publicProject' } as const] : []),
  ];
  return [
    ...direct,
    ...findInherited(
      direct.map(({ role }) => role),
      snapshot.rules,
    ),
  ];
}
