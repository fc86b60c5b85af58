/** Stored fixtures: what administrators hold the policy to. A change of the policy that fails one is refused. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Snapshot } from '../../authz/Snapshot.ts';
import { PolicyFixture } from '../../entities/policies/PolicyFixture.ts';
import { fail } from '../../errors.ts';
import { failuresAmong, readSource, refuseFailures, refuseFaults } from './checkFixtures.ts';
import { findUnknown } from './findUnknown.ts';
import { readPresentPolicy } from './lockOut.ts';
import { type Fixture, parseFixture } from './parseFixture.ts';
import { maxFaults } from './readYaml.ts';
import { type FixtureResult, runFixture } from './runFixture.ts';
import { lockPolicy } from './sql/lockPolicy.ts';
import { readRoles } from './sql/readRoles.ts';

/** Every apply decides all of them: so many take seconds, not minutes. */
const maxFixtures = 100;
const maxStoredExpectations = 20_000;

const countExpectations = (fixture: Fixture) =>
  fixture.tests.reduce((sum, { expectations }) => sum + expectations.length, 0);

/** @throws TOO_MANY_EXPECTATIONS */
async function refuseTooMany(em: EntityManager, name: string, added: number): Promise<void> {
  let count = added;
  for (const stored of await em.find(PolicyFixture, { name: { $ne: name } })) {
    // One that cannot be read refuses every change of the policy until it is replaced: here it counts nothing.
    const { value: fixture } = readSource(stored.source);
    if (fixture) count += countExpectations(fixture);
    await nextTurn();
  }
  if (count > maxStoredExpectations) fail('TOO_MANY_EXPECTATIONS', { count, limit: maxStoredExpectations });
}

/**
 * Decides the expectations of a fixture that need not be stored, by the candidate.
 * @throws BAD_FIXTURE also for a role or a procedure that there is not
 */
export async function tryFixture(
  em: EntityManager,
  { name, source }: { name: string; source: string },
  candidate: Snapshot,
): Promise<FixtureResult[]> {
  const { value: fixture, faults } = parseFixture(source);
  if (!fixture) return refuseFaults(name, faults);
  const roles = new Map((await readRoles(em)).map((role) => [role.name, role.scope]));
  const unknown = [...findUnknown(fixture, roles)].slice(0, maxFaults);
  if (unknown.length > 0) refuseFaults(name, unknown);
  return runFixture(name, fixture, candidate);
}

/**
 * Stores a fixture under its name, in place of the one that had it. One that fails against the present
 * policy is refused: it would refuse every later change.
 * @throws BAD_FIXTURE, FIXTURES_FAILED, TOO_MANY_FIXTURES, TOO_MANY_EXPECTATIONS
 */
export async function putFixture(
  em: EntityManager,
  actorId: string,
  input: { name: string; source: string },
): Promise<PolicyFixture> {
  // The policy is changed under the same lock: neither can be decided by what the other replaces.
  await lockPolicy(em);
  const results = await tryFixture(em, input, await readPresentPolicy(em));
  refuseFailures(failuresAmong(results));
  await refuseTooMany(em, input.name, results.length);
  const known = await em.findOne(PolicyFixture, { name: input.name });
  if (known) {
    known.source = input.source;
    return known;
  }
  if ((await em.count(PolicyFixture)) >= maxFixtures) fail('TOO_MANY_FIXTURES', { limit: maxFixtures });
  return em.create(PolicyFixture, { ...input, createdBy: actorId });
}

/** Removes a fixture. @throws NOT_FOUND */
export async function removeFixture(em: EntityManager, name: string): Promise<PolicyFixture> {
  await lockPolicy(em);
  const fixture = await em.findOne(PolicyFixture, { name });
  if (!fixture) return fail('NOT_FOUND', { thing: 'fixture' });
  em.remove(fixture);
  return fixture;
}
