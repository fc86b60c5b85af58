import type { EntityManager } from '@mikro-orm/postgresql';
import type { Snapshot } from '../../authz/Snapshot.ts';
import { PolicyFixture } from '../../entities/policies/PolicyFixture.ts';
import { fail } from '../../errors.ts';
import { type Fixture, parseFixture } from './parseFixture.ts';
import type { Fault } from './readYaml.ts';
import { type FixtureFailure, type FixtureResult, runFixture } from './runFixture.ts';

/** Fails with the first fault, and with all of them for programs. @throws BAD_FIXTURE */
export function refuseFaults(name: string, faults: readonly Fault[]): never {
  const { line = 1, reason = 'it cannot be read' } = faults[0] ?? {};
  return fail('BAD_FIXTURE', { name, line, reason }, { details: { faults } });
}

/** Reads what was checked when it was stored: names that are gone since then are decided like any other. */
function readStored({ name, source }: PolicyFixture): Fixture {
  const { value, faults } = parseFixture(source);
  return value ?? refuseFaults(name, faults ?? []);
}

/**
 * Decides every expectation of every stored fixture by the candidate.
 * @throws BAD_FIXTURE when a stored one cannot be read, so that no change passes it unseen.
 */
export async function runFixtures(em: EntityManager, candidate: Snapshot): Promise<FixtureResult[]> {
  const stored = await em.find(PolicyFixture, {}, { orderBy: { name: 'asc' } });
  return stored.flatMap((fixture) => runFixture(fixture.name, readStored(fixture), candidate));
}

/** Those that do not hold. */
export function failuresAmong(results: Iterable<FixtureResult>): FixtureFailure[] {
  const isFailure = (result: FixtureResult): result is FixtureFailure => result.sentence !== null;
  return [...results].filter(isFailure);
}

/** The expectations of all stored fixtures that the candidate does not meet. @throws BAD_FIXTURE */
export async function checkFixtures(em: EntityManager, candidate: Snapshot): Promise<FixtureFailure[]> {
  return failuresAmong(await runFixtures(em, candidate));
}

/** As many as a message has room for, and as are told for programs. */
const shown = 3;
const told = 100;

/** @throws FIXTURES_FAILED when there are any. */
export function refuseFailures(failures: readonly FixtureFailure[]): void {
  if (failures.length === 0) return;
  const sentences = failures.slice(0, shown).map(({ sentence }) => sentence);
  if (failures.length > shown) sentences.push(`and ${failures.length - shown} more`);
  fail(
    'FIXTURES_FAILED',
    { failures: sentences.join('; ') },
    { details: { failures: failures.slice(0, told) } },
  );
}
