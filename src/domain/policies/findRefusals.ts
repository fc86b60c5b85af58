/** Why a change of the policy is refused: as errors that `changePolicy` throws and `proposePolicy` lists. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Access, Rights } from '../../authz/Authorizer.ts';
import { implicitRoles } from '../../authz/builtinRoles.ts';
import { type PermissionRule, type PolicyRule, describeRule } from '../../authz/PolicyRule.ts';
import { permissionsUnder } from '../../authz/permissionNames.ts';
import { Snapshot } from '../../authz/Snapshot.ts';
import { TesseraError } from '../../errors.ts';
import { checkFixtures, refuseFailures } from './checkFixtures.ts';
import { findFloorFaults } from './findFloorFaults.ts';
import { findRuleFaults, nameRule } from './findRuleFaults.ts';
import { hasAdministrator } from './lockOut.ts';
import { type EditPlan, byText } from './planEdit.ts';
import type { KnownRole } from './sql/readRoles.ts';

/** Whoever edits: their rights are the limit of what they can give and take. null: the operator, at the command line. */
export type Editor = Pick<Access, 'under'> | null;

const isDenial = (rule: PolicyRule) => rule.kind === 'permission' && rule.effect === 'deny';

/** Roles that everybody has who is signed in: what is denied to them is no limit set to somebody. */
const hadByAll = new Set([...implicitRoles.map(({ name }) => name as string), 'user']);

/** Whether somebody holds all that a rule speaks of: what it covers now, and by a wildcard ever after. */
function holdsAll(rights: Rights, { object, action }: Pick<PermissionRule, 'object' | 'action'>): boolean {
  return (
    rights.can(`${object}.${action}`) &&
    permissionsUnder(object, action).every((permission) => rights.can(permission))
  );
}

/**
 * The rights that limit an edit: those which its editor has, on the rules as they are now. A denial that the edit
 * removes would stand in its own way, so it is taken as gone already when it is one for everybody; or when
 * everything is allowed to the editor, who would else be kept from mending it for ever. Not otherwise: what
 * somebody's own role denies to them is a limit that they cannot lift.
 */
async function findRights(
  before: Snapshot,
  removed: readonly PolicyRule[],
  editor: NonNullable<Editor>,
): Promise<Rights> {
  const denials = removed.filter(isDenial);
  const rightsWithout = async (gone: readonly PolicyRule[]) => {
    const texts = byText(gone);
    const rules = before.rules.filter((rule) => !texts.has(describeRule(rule)));
    return editor.under(gone.length === 0 ? before : await Snapshot.of(rules, before.epoch));
  };
  const freed = await rightsWithout(denials);
  if (freed.can('*.*')) return freed;
  return rightsWithout(denials.filter(({ role }) => hadByAll.has(role)));
}

/** What goes beyond the editor's rights, be it given to somebody (an allow, say) or taken from them (a deny). */
async function findExcess(
  { added, removed }: EditPlan,
  before: Snapshot,
  editor: Editor,
): Promise<TesseraError[]> {
  if (!editor) return [];
  const rights = await findRights(before, removed, editor);
  const exceeds = (rule: PolicyRule): boolean => {
    if (rule.kind === 'permission') return !holdsAll(rights, rule);
    return (
      !rights.holds(rule.inherits) ||
      !before.denials(rule.inherits).every((denied) => holdsAll(rights, denied))
    );
  };
  const refuse = (rules: readonly PolicyRule[], deed: string) =>
    rules
      .filter(exceeds)
      .map(
        (rule) =>
          new TesseraError(
            'GRANT_EXCEEDS_OWN',
            { granted: `${deed} the rule ${nameRule(rule)}` },
            { details: { rule } },
          ),
      );
  // To whom everything is allowed, several denials in force at once are no bar to mending them one by one.
  const isMending = (rule: PolicyRule) => isDenial(rule) && rights.can('*.*');
  return [
    ...refuse(added, 'adding'),
    ...refuse(
      removed.filter((rule) => !isMending(rule)),
      'removing',
    ),
  ];
}

/** What is wrong with an edit by itself: faults of its rules, and what goes beyond its editor's rights. */
export async function findEditRefusals(
  plan: EditPlan,
  before: Snapshot,
  roles: readonly KnownRole[],
  editor: Editor,
): Promise<TesseraError[]> {
  const scopes = new Map(roles.map(({ name, scope }) => [name, scope]));
  const faults = findRuleFaults(plan.added, plan.candidate, scopes);
  return [
    ...faults.map(
      ({ rule, reason }) =>
        new TesseraError('POLICY_RULE_REFUSED', { rule: nameRule(rule), reason }, { details: { faults } }),
    ),
    ...(await findExcess(plan, before, editor)),
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
