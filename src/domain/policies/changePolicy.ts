import type { EntityManager } from '@mikro-orm/postgresql';
import { type PolicyRule, describeRule, toLine } from '../../authz/PolicyRule.ts';
import { Snapshot } from '../../authz/Snapshot.ts';
import { causeOf } from '../../database/transaction.ts';
import { CasbinRule } from '../../entities/policies/CasbinRule.ts';
import type { TesseraError } from '../../errors.ts';
import { type Editor, findCandidateRefusals, findEditRefusals } from './findRefusals.ts';
import { holdPolicy } from './holdPolicy.ts';
import { type EditPlan, type PolicyEdit, byText, planEdit } from './planEdit.ts';
import { readPolicy } from './readPolicy.ts';
import { nameVersion } from './sql/nameVersion.ts';
import { type PolicyRow, readPolicyRows } from './sql/readPolicyRows.ts';
import { readRoles } from './sql/readRoles.ts';

/** What a change came to. */
export interface PolicyChange {
  /** Of the policy from now on. */
  epoch: number;
  /** Rules that were not there before. */
  added: PolicyRule[];
  /** Rules that were there before. */
  removed: PolicyRule[];
}

export interface PolicyChangeOptions {
  /** The epoch of the policy that the edit was decided on; null: whatever it is. */
  baseEpoch: number | null;
  /** For people, in the history. */
  reason: string;
  /** Whose rights limit what can be given and taken. */
  editor: Editor;
}

function throwFirst([refusal]: readonly TesseraError[]): void {
  if (refusal) throw refusal;
}

/** Through the unit of work, so that each rule leaves its line in the audit log. */
export async function writeRows(
  em: EntityManager,
  rows: readonly PolicyRow[],
  plan: EditPlan,
): Promise<void> {
  const removed = byText(plan.removed);
  const ids = rows.filter(({ rule }) => removed.has(describeRule(rule))).map(({ id }) => id);
  if (ids.length > 0) em.remove(await em.find(CasbinRule, { id: { $in: ids } }));
  for (const rule of plan.added) {
    const [ptype = '', v0 = '', v1 = '', v2 = null, v3 = null] = toLine(rule);
    em.create(CasbinRule, { ptype, v0, v1, v2, v3 });
  }
  await em.flush();
}

/**
 * The only way by which the product changes what roles may do and inherit. It leaves one version in the
 * history, or nothing: what comes to nothing (rules that are there already, or are not there to be removed)
 * is no version and moves no epoch.
 * @throws POLICY_STALE, POLICY_RULE_REFUSED, GRANT_EXCEEDS_OWN, POLICY_FLOOR, LAST_ADMIN, FIXTURES_FAILED
 */
export async function changePolicy(
  em: EntityManager,
  edit: PolicyEdit,
  { baseEpoch, reason, editor }: PolicyChangeOptions,
): Promise<PolicyChange> {
  const epoch = await holdPolicy(em, baseEpoch);
  const { rows } = await readPolicyRows(em);
  const current = rows.map(({ rule }) => rule);
  const roles = await readRoles(em);
  const plan = planEdit(current, edit);
  // On the rules that are held, not on those of when the call began: its editor may have lost a right since.
  const before = await Snapshot.of(current, epoch);
  throwFirst(await findEditRefusals(plan, before, roles, editor));
  const { added, removed } = plan;
  if (added.length + removed.length === 0) return { epoch, added, removed };

  await nameVersion(em, { actorId: causeOf(em).actorId, reason });
  await writeRows(em, rows, plan);
  // What is judged are the rows that will count, not what was meant to be written.
  const written = await readPolicy(em);
  const candidate = await Snapshot.of(written.rules, written.epoch);
  throwFirst(await findCandidateRefusals(em, before, candidate, roles));
  return { epoch: written.epoch, added, removed };
}
