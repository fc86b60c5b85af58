import type { EntityManager } from '@mikro-orm/postgresql';
import type { PolicyRule } from '../../authz/PolicyRule.ts';
import { fail } from '../../errors.ts';
import type { PolicyVersionView } from '../../views/policies.ts';
import { type PolicyChange, type PolicyChangeOptions, changePolicy } from './changePolicy.ts';
import { findFault } from './findRuleFaults.ts';
import { holdPolicy } from './holdPolicy.ts';
import { type PolicyEdit, byText, editBetween } from './planEdit.ts';
import { readPolicy } from './readPolicy.ts';
import { findVersionsAfter, hasVersion } from './sql/findVersions.ts';
import { readRoles } from './sql/readRoles.ts';

/** What a rollback came to. */
export interface PolicyRollback extends PolicyChange {
  /** Rules of then that are not taken back, because their role or their procedure is no more. */
  leftOut: PolicyRule[];
}

/** The rules as they were before these versions. @param versions newest first */
export function undoVersions(
  current: readonly PolicyRule[],
  versions: readonly Pick<PolicyVersionView, 'added' | 'removed'>[],
): PolicyRule[] {
  const rules = byText(current);
  for (const { added, removed } of versions) {
    for (const text of byText(added).keys()) rules.delete(text);
    for (const [text, rule] of byText(removed)) rules.set(text, rule);
  }
  return [...rules.values()];
}

/** What takes the policy back to what it was at an epoch. @throws NOT_FOUND when the history has no such epoch */
export async function planRollback(
  em: EntityManager,
  epoch: number,
): Promise<{ edit: PolicyEdit; leftOut: PolicyRule[] }> {
  if (!(await hasVersion(em, epoch))) fail('NOT_FOUND', { thing: 'version of the policy' });
  const { rules } = await readPolicy(em);
  const { add, remove } = editBetween(rules, undoVersions(rules, await findVersionsAfter(em, epoch)));
  const scopes = new Map((await readRoles(em)).map(({ name, scope }) => [name, scope]));
  const isKept = (rule: PolicyRule) => findFault(rule, scopes) === undefined;
  return { edit: { add: add.filter(isKept), remove }, leftOut: add.filter((rule) => !isKept(rule)) };
}

/**
 * Brings the policy back to what it was at an epoch of its history, as a new version. Who has which role
 * stays as it is: a rollback gives nobody back what was taken from them.
 * @throws NOT_FOUND when the history has no such epoch; and what changePolicy throws
 */
export async function rollbackPolicy(
  em: EntityManager,
  epoch: number,
  options: PolicyChangeOptions,
): Promise<PolicyRollback> {
  await holdPolicy(em, options.baseEpoch);
  const { edit, leftOut } = await planRollback(em, epoch);
  return { ...(await changePolicy(em, edit, options)), leftOut };
}
