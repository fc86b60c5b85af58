import type { EntityManager } from '@mikro-orm/postgresql';
import { Snapshot } from '../../authz/Snapshot.ts';
import { failuresAmong, runFixtures } from './checkFixtures.ts';
import { findEditRefusals } from './findRefusals.ts';
import { tryFixture } from './fixtures.ts';
import { type PolicyEdit, planEdit } from './planEdit.ts';
import { readPolicy } from './readPolicy.ts';
import type { FixtureResult } from './runFixture.ts';
import { readRoles } from './sql/readRoles.ts';

/** As many as one answer holds, and of those that do not hold: whoever mends them begins with these. */
const most = { results: 1000, failures: 200 };

/** What came of fixtures, as one answer. */
export interface TestAnswer {
  /** Of the policy. */
  epoch: number;
  /** Expectations that hold, and that do not: of all of them. */
  passed: number;
  failed: number;
  /** In the fixtures' order, up to 1,000; of those that do not hold the first 200. */
  results: FixtureResult[];
  /** Whether there are more results than are told here. */
  isTruncated: boolean;
}

/** Chooses what an answer tells of results. */
export function summarize(epoch: number, all: readonly FixtureResult[]): TestAnswer {
  const failures = failuresAmong(all);
  const told = new Set<FixtureResult>(failures.slice(0, most.failures));
  for (const result of all) {
    if (told.size >= most.results) break;
    if (result.sentence === null) told.add(result);
  }
  return {
    epoch,
    passed: all.length - failures.length,
    failed: failures.length,
    results: all.filter((result) => told.has(result)),
    isTruncated: told.size < all.length,
  };
}

/**
 * Decides the stored fixtures, or one that is given, by the policy as an edit would make it. Whether the
 * edit would go through is for proposePolicy to say; here its rules have to be valid, and no more.
 * @throws BAD_FIXTURE, POLICY_RULE_REFUSED
 */
export async function testPolicy(
  em: EntityManager,
  { source, edit }: { source: string | null; edit: PolicyEdit },
): Promise<TestAnswer> {
  const { epoch, rules } = await readPolicy(em);
  const plan = planEdit(rules, edit);
  const before = await Snapshot.of(rules, epoch);
  const [refusal] = await findEditRefusals(plan, before, await readRoles(em), null);
  if (refusal) throw refusal;
  const candidate = await Snapshot.of(plan.candidate, epoch);
  const results =
    source === null
      ? await runFixtures(em, candidate)
      : await tryFixture(em, { name: 'given', source }, candidate);
  return summarize(epoch, results);
}
