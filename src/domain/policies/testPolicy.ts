import type { EntityManager } from '@mikro-orm/postgresql';
import { Snapshot } from '../../authz/Snapshot.ts';
import { runFixtures } from './checkFixtures.ts';
import { findEditRefusals } from './findRefusals.ts';
import { tryFixture } from './fixtures.ts';
import { type PolicyEdit, planEdit } from './planEdit.ts';
import { readPolicy } from './readPolicy.ts';
import type { FixtureResult } from './runFixture.ts';
import { readRoles } from './sql/readRoles.ts';

/**
 * Decides the stored fixtures, or one that is given, by the policy as an edit would make it. Whether the
 * edit would go through is for proposePolicy to say; here its rules have to be valid, and no more.
 * @throws BAD_FIXTURE, POLICY_RULE_REFUSED
 */
export async function testPolicy(
  em: EntityManager,
  { source, edit }: { source: string | null; edit: PolicyEdit },
): Promise<{ epoch: number; results: FixtureResult[] }> {
  const { epoch, rules } = await readPolicy(em);
  const plan = planEdit(rules, edit);
  const [refusal] = findEditRefusals(plan, await readRoles(em), null);
  if (refusal) throw refusal;
  const candidate = await Snapshot.of(plan.candidate, epoch);
  const results =
    source === null
      ? await runFixtures(em, candidate)
      : await tryFixture(em, { name: 'given', source }, candidate);
  return { epoch, results };
}
