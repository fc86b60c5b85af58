import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import type { Snapshot } from '../../authz/Snapshot.ts';
import { PolicyFixture } from '../../entities/policies/PolicyFixture.ts';
import { fail } from '../../errors.ts';
import { type Fixture, parseFixture } from './parseFixture.ts';
import type { Fault, Reading } from './readYaml.ts';
import { type FixtureFailure, type FixtureResult, runFixture } from './runFixture.ts';

/** Fails with the first fault, and with all of them for programs. @throws BAD_FIXTURE */
export function refuseFaults(name: string, faults: readonly Fault[]): never {
  const { line = 1, reason = 'it cannot be read' } = faults[0] ?? {};
  return fail('BAD_FIXTURE', { name, line, reason }, { details: { faults } });
}

/** By source: reading them takes longer than deciding them, and they seldom change. */
const readings = new LRUCache<string, Reading<Fixture>>({ max: 100 });

/** Reads a fixture that is stored, whatever it was checked for then. */
export function readSource(source: string): Reading<Fixture> {
  const reading = readings.get(source) ?? parseFixture(source);
  readings.set(source, reading);
  return reading;
}

/** Reads what was checked when it was stored: names that are gone since then are decided like any other. */
function readStored({ name, source }: PolicyFixture): Fixture {
  const { value, faults } = readSource(source);
  return value ?? refuseFaults(name, faults ?? []);
}

/**
 * Reads every stored fixture, by name. Between two of them other calls have their turn.
 * @throws BAD_FIXTURE when one cannot be read
 */
export async function* readFixtures(em: EntityManager): AsyncGenerator<{ name: string; fixture: Fixture }> {
  for (const stored of await em.find(PolicyFixture, {}, { orderBy: { name: 'asc' } })) {
    yield { name: stored.name, fixture: readStored(stored) };
    await nextTurn();
  }
}

/**
 * Decides every expectation of every stored fixture by the candidate.
 * @throws BAD_FIXTURE when a stored one cannot be read, so that no change passes it unseen.
 */
export async function runFixtures(em: EntityManager, candidate: Snapshot): Promise<FixtureResult[]> {
  const results: FixtureResult[] = [];
  for await (const { name, fixture } of readFixtures(em))
    results.push(...runFixture(name, fixture, candidate));
  return results;
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
