import { type Reason, isAllowed, judge } from '../../authz/decide.ts';
import { concerns, decisiveRoles } from '../../authz/decisiveRoles.ts';
import { furtherRulesOf } from '../../authz/furtherRules.ts';
import { splitPermission } from '../../authz/permissionNames.ts';
import type { PolicyRule } from '../../authz/PolicyRule.ts';
import type { AccessExplanation, AccessReason } from '../../views/access.ts';
import { describeRoles } from './describeRoles.ts';
import { type PolicyReads, type SupposedCall, supposeCalls } from './supposeCall.ts';
import { weighRole } from './weighRole.ts';

export interface AccessQuestion {
  /** null: nobody is signed in. */
  actorId: string | null;
  /** null: outside any project. */
  projectId: string | null;
  /** With one of the actor's API keys; null: with a session. */
  apiKeyId: string | null;
  /** `router.procedure` */
  permission: string;
  /** Whether the procedure is called in a project; else what is held in the project does not count. */
  isInProject: boolean;
}

function findMatching({ snapshot, situation }: SupposedCall, permission: string): PolicyRule[] {
  const held = snapshot.inherited(situation.roles);
  const parts = splitPermission(permission);
  return snapshot.rules.filter(
    (rule) => rule.kind === 'permission' && held.has(`role:${rule.role}`) && concerns(rule, ...parts),
  );
}

function findGranting({ snapshot, situation, projectRoles }: SupposedCall, permission: string): string[] {
  const { grants, denies } = decisiveRoles(snapshot, permission);
  const needsProject = new Set(['guest', ...projectRoles].map((name) => `role:${name}`));
  return [...grants]
    .filter((role) => !denies.has(role) && (situation.project !== null || !needsProject.has(role)))
    .map((role) => ({ role, weight: weighRole(snapshot, role) }))
    .toSorted((a, b) => a.weight - b.weight || a.role.localeCompare(b.role))
    .map(({ role }) => role.slice('role:'.length));
}

/** A refusal of a credential that stands for nobody is one of that credential. */
function reasonOf({ credential }: SupposedCall, allowed: boolean, reason: Reason): AccessReason {
  return allowed || credential === null ? reason : credential;
}

/** Says how a supposed call of `object.action` is decided, and by what. */
export function explainCall(call: SupposedCall, permission: string): AccessExplanation {
  const { snapshot, situation } = call;
  const allowed = isAllowed(snapshot, situation, permission);
  const { reason, rule } = judge(snapshot, situation, permission);
  return {
    decision: allowed ? 'allow' : 'deny',
    reason: reasonOf(call, allowed, reason),
    projectId: situation.project?.id ?? null,
    rule,
    matching: findMatching(call, permission),
    roles: describeRoles(call),
    grantedBy: findGranting(call, permission),
    furtherRules: furtherRulesOf(permission),
  };
}

/**
 * Decides a call as it would be decided now, and says by what. The decision comes out of the same lines as
 * a real one: see authz/decide.ts.
 * @throws NOT_FOUND (person, API key)
 */
export async function explainAccess(
  tools: PolicyReads,
  question: AccessQuestion,
): Promise<AccessExplanation> {
  const { inProject, outside } = await supposeCalls(tools, question);
  return explainCall(question.isInProject ? inProject : outside, question.permission);
}
