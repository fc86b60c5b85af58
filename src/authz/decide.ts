/**
 * One decision, as far as it depends on nothing but facts that were read: pure, so that a call and an
 * explanation of it come out of the same lines.
 */
import { decisiveRoles } from './decisiveRoles.ts';
import { type KeyLimit, type KeyObstacle, keyObstacle } from './heldRoles.ts';
import { splitPermission } from './permissionNames.ts';
import type { PermissionRule } from './PolicyRule.ts';
import type { Snapshot } from './Snapshot.ts';

/** What was found out about a caller, and the project they call in, at one instant. */
export interface Situation {
  /** Direct roles, those that everyone has included; with their prefix, without what they inherit. */
  roles: readonly string[];
  isSuspended: boolean;
  /** null: the call is made outside any project. */
  project: { id: string; state: 'open' | 'deleted' | 'unknown' } | null;
  /** What the API key is limited to; null: the caller has none. */
  key: KeyLimit | null;
}

/** What refuses a call whatever the roles of its caller allow. */
export type Obstacle = 'noSuchProject' | 'projectDeleted' | 'suspended' | KeyObstacle;

/** Why a call is allowed or denied: an obstacle, or what the rules say. */
export type Reason = Obstacle | 'allowedByRule' | 'deniedByRule' | 'noRule';

/** A decision, and what it rests on. */
export interface Verdict {
  allowed: boolean;
  reason: Reason;
  /** The deciding rule, as Casbin names it when asked for it; null when none matches, or an obstacle decided. */
  readonly rule: PermissionRule | null;
}

/** In a deleted project only this is decided by roles. */
const restoring = 'projects.restore';
/** All that a suspended person can still do. */
const leaving = 'auth.logout';

/** What stands in the way of a call before its roles are asked; null: they decide. */
export function obstacleTo(
  { isSuspended, project, key }: Situation,
  permission: string,
  [object, action]: [object: string, action: string],
): Obstacle | null {
  if (project?.state === 'unknown') return 'noSuchProject';
  if (project?.state === 'deleted' && permission !== restoring) return 'projectDeleted';
  if (isSuspended && permission !== leaving) return 'suspended';
  return key && keyObstacle(key, project?.id ?? null, object, action);
}

/** Whether `permission` is allowed there. */
export function isAllowed(snapshot: Snapshot, situation: Situation, permission: string): boolean {
  const parts = splitPermission(permission);
  return obstacleTo(situation, permission, parts) === null && snapshot.allows(situation.roles, ...parts);
}

/** The same decision with its reason. Cheap, so that a flood of refused calls stays so, but for `rule`. */
export function judge(snapshot: Snapshot, situation: Situation, permission: string): Verdict {
  const parts = splitPermission(permission);
  const obstacle = obstacleTo(situation, permission, parts);
  if (obstacle) return { allowed: false, reason: obstacle, rule: null };
  const { roles } = situation;
  const allowed = snapshot.allows(roles, ...parts);
  const { denies } = decisiveRoles(snapshot, permission);
  const refusal = roles.some((role) => denies.has(role)) ? 'deniedByRule' : 'noRule';
  return {
    allowed,
    reason: allowed ? 'allowedByRule' : refusal,
    get rule() {
      return snapshot.rule(roles, ...parts).rule;
    },
  };
}
