import type { EntityManager } from '@mikro-orm/postgresql';
import { defaultRules } from '../../authz/defaultPolicy.ts';
import { fromLine } from '../../authz/PolicyRule.ts';
import { type PolicyChange, writeRows } from './changePolicy.ts';
import { holdPolicy } from './holdPolicy.ts';
import { editBetween, planEdit } from './planEdit.ts';
import { nameVersion } from './sql/nameVersion.ts';
import { readPolicyRows } from './sql/readPolicyRows.ts';
import { refillDefaults } from './sql/refillDefaults.ts';

export interface PolicyReset extends PolicyChange {
  /** Of the policy before. */
  formerEpoch: number;
}

/**
 * Makes the built-in policy the policy again, for when it keeps out those who could mend it: so nothing is
 * asked, no rights and no fixtures. Roles of the administrators' own stay, without permissions; who holds
 * which role stays too. It leaves one version, by nobody, or none when the policy is the built-in one.
 */
export async function resetPolicy(em: EntityManager): Promise<PolicyReset> {
  const formerEpoch = await holdPolicy(em, null);
  const { rows } = await readPolicyRows(em);
  const current = rows.map(({ rule }) => rule);
  const builtin = defaultRules()
    .map((line) => fromLine(line))
    .filter((rule) => rule !== undefined);
  const plan = planEdit(current, editBetween(current, builtin));
  await refillDefaults(em);
  await nameVersion(em, { actorId: null, reason: 'reset to the built-in policy' });
  await writeRows(em, rows, plan);
  const { epoch } = await readPolicyRows(em);
  return { formerEpoch, epoch, added: plan.added, removed: plan.removed };
}
