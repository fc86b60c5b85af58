import { permissionsUnder } from '../../authz/permissionNames.ts';
import type { Snapshot } from '../../authz/Snapshot.ts';

const weights = new WeakMap<Snapshot, Map<string, number>>();

/** How much a role allows: procedures, by rules of its own and inherited ones. `role` with its prefix. */
export function weighRole(snapshot: Snapshot, role: string): number {
  const ofSnapshot = weights.get(snapshot) ?? new Map<string, number>();
  weights.set(snapshot, ofSnapshot);
  const known = ofSnapshot.get(role);
  if (known !== undefined) return known;
  const held = snapshot.inherited([role]);
  const allowed = new Set<string>();
  for (const rule of snapshot.rules) {
    if (rule.kind !== 'permission' || rule.effect !== 'allow' || !held.has(`role:${rule.role}`)) continue;
    for (const name of permissionsUnder(rule.object, rule.action)) allowed.add(name);
  }
  ofSnapshot.set(role, allowed.size);
  return allowed.size;
}
