/** Answers about who may do what, and why. */
import type { Reason } from '../authz/decide.ts';
import type { PolicyRule } from '../authz/PolicyRule.ts';
import type { ActorRef } from './identity.ts';

/**
 * A role, without its prefix, and by which way somebody has it: given in the project (`direct`), given
 * everywhere, through an organization that is a member, as everyone has it, as everyone signed in has it in a
 * public project, or inherited by another of their roles.
 */
export type RoleSource =
  | { role: string; via: 'direct' | 'everywhere' | 'everyone' | 'publicProject' }
  | { role: string; via: 'organization'; organization: ActorRef }
  | { role: string; via: 'inherited'; from: string };

/** Why a call is allowed or denied; the last three: its credential stands for nobody. */
export type AccessReason = Reason | 'deleted' | 'keyRevoked' | 'keyExpired';

/** A decision, with everything that it rests on. */
export interface AccessExplanation {
  decision: 'allow' | 'deny';
  reason: AccessReason;
  /** The project in which it was decided; null: outside any, as procedures are that take no project. */
  projectId: string | null;
  /** The deciding rule; null when none matches, or when something before the roles decided. */
  rule: PolicyRule | null;
  /** Every rule that speaks of this call for one of the roles, allowing or denying. */
  matching: PolicyRule[];
  roles: RoleSource[];
  /** Roles that allow it, the least of them first, whether they are held or not. */
  grantedBy: string[];
  /** What the procedure asks besides, once the roles have allowed the call. */
  furtherRules: string[];
}

/** Somebody who may, and the roles given to them there. */
export interface HolderView {
  actor: ActorRef;
  roles: RoleSource[];
}

/** All that somebody may do, everywhere or in a project. */
export interface AccessView {
  roles: RoleSource[];
  /** Names of procedures. */
  permissions: string[];
}

/** What the caller may do, everywhere or in a project. */
export interface RightsView {
  /** Names of the roles that it comes from; what they inherit is not named. */
  roles: string[];
  /** Names of procedures. */
  permissions: string[];
}
