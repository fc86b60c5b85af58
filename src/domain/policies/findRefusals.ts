/** Why a change of the policy is refused: as errors that `changePolicy` throws and `proposePolicy` lists. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Access } from '../../authz/Authorizer.ts';
import { type PermissionRule, type PolicyRule } from '../../authz/PolicyRule.ts';
import { permissionsUnder } from '../../authz/permissionNames.ts';
import type { Snapshot } from '../../authz/Snapshot.ts';
import { TesseraError } from '../../errors.ts';
import { checkFixtures, refuseFailures } from './checkFixtures.ts';
import { findFloorFaults } from './findFloorFaults.ts';
import { findRuleFaults, nameRule } from './findRuleFaults.ts';
import { hasAdministrator } from './lockOut.ts';
import type { EditPlan } from './planEdit.ts';
import type { KnownRole } from './sql/readRoles.ts';

/** Whoever edits: their rights are the limit of what they can give. null: the operator, at the command line. */
export type Editor = Pick<Access, 'can' | 'holds'> | null;

/** Whether the editor holds all that a rule speaks of: what it covers now, and by a wildcard ever after. */
function holdsAll(editor: NonNullable<Editor>, { object, action }: PermissionRule): boolean {
  return (
    editor.can(`${object}.${action}`) &&
    permissionsUnder(object, action).every((permission) => editor.can(permission))
  );
}

function findExcess(
  added: readonly PolicyRule[],
  removed: readonly PolicyRule[],
  editor: Editor,
): TesseraError[] {
  if (!editor) return [];
  const refuse = (granted: string, rule: PolicyRule) =>
    new TesseraError('GRANT_EXCEEDS_OWN', { granted }, { details: { rule } });
  return [
    ...added
      .filter((rule) =>
        rule.kind === 'inheritance'
          ? !editor.holds(rule.inherits)
          : rule.effect === 'allow' && !holdsAll(editor, rule),
      )
      .map((rule) => refuse(`the rule ${nameRule(rule)}`, rule)),
    ...removed
      .filter((rule) => rule.kind === 'permission' && rule.effect === 'deny' && !holdsAll(editor, rule))
      .map((rule) => refuse(`the policy without ${nameRule(rule)}`, rule)),
  ];
}

/** What is wrong with an edit by itself: faults of its rules, and what goes beyond its editor's rights. */
export function findEditRefusals(
  plan: EditPlan,
  roles: readonly KnownRole[],
  editor: Editor,
): TesseraError[] {
  const scopes = new Map(roles.map(({ name, scope }) => [name, scope]));
  const faults = findRuleFaults(plan.added, plan.candidate, scopes);
  return [
    ...faults.map(
      ({ rule, reason }) =>
        new TesseraError('POLICY_RULE_REFUSED', { rule: nameRule(rule), reason }, { details: { faults } }),
    ),
    ...findExcess(plan.added, plan.removed, editor),
  ];
}

/** Names of all roles that can be held: those there are, and those that only rules know of. */
export function nameRoles(roles: readonly KnownRole[], rules: readonly PolicyRule[]): Set<string> {
  return new Set([
    ...roles.map(({ name }) => name),
    ...rules.flatMap((rule) => (rule.kind === 'permission' ? [rule.role] : [rule.role, rule.inherits])),
  ]);
}

/** What a check throws, as a list; nothing when it passes. */
async function refusalOf(check: () => Promise<void>): Promise<TesseraError[]> {
  try {
    await check();
    return [];
  } catch (error) {
    if (error instanceof TesseraError) return [error];
    throw error;
  }
}

/** What is wrong with what an edit makes of the policy: the floor, the last administrator, the fixtures. */
export async function findCandidateRefusals(
  em: EntityManager,
  before: Snapshot,
  candidate: Snapshot,
  roles: readonly KnownRole[],
): Promise<TesseraError[]> {
  const refusals = [...findFloorFaults(candidate, nameRoles(roles, candidate.rules))].map(
    ({ who, permission }) => new TesseraError('POLICY_FLOOR', { who, permission }),
  );
  if (!(await hasAdministrator(em, candidate)) && (await hasAdministrator(em, before)))
    refusals.push(new TesseraError('LAST_ADMIN'));
  return refusals.concat(await refusalOf(async () => refuseFailures(await checkFixtures(em, candidate))));
}
