import type { EntityManager } from '@mikro-orm/postgresql';
import { TesseraError } from '../../errors.ts';
import type { PolicyVersionView } from '../../views/policies.ts';
import { findVersionsAfter } from './sql/findVersions.ts';
import { holdPolicyEpoch } from './sql/holdPolicyEpoch.ts';
import { lockPolicy } from './sql/lockPolicy.ts';

/** As many versions as are told with the refusal, and as many of these as are named in its sentence. */
const told = 50;
const named = 3;

function describeVersion({ actor, reason, added, removed }: PolicyVersionView): string {
  return `${actor?.name ?? 'the system'} (“${reason}”: ${added.length} added, ${removed.length} removed)`;
}

function describeChanges(versions: readonly PolicyVersionView[]): string {
  if (versions.length === 0) return 'There is no such version';
  const names = versions.slice(0, named).map(describeVersion);
  if (versions.length > named) names.push('and others before');
  return `Since then: ${names.join('; ')}`;
}

/**
 * Says that the policy is not the one that somebody decided on; undefined when it is.
 * @param baseEpoch what they read; null: they decide on whatever it is.
 */
export async function findStale(
  em: EntityManager,
  baseEpoch: number | null,
  epoch: number,
): Promise<TesseraError | undefined> {
  if (baseEpoch === null || baseEpoch === epoch) return undefined;
  const versions = await findVersionsAfter(em, baseEpoch, told);
  return new TesseraError(
    'POLICY_STALE',
    { sent: baseEpoch, stored: epoch, changes: describeChanges(versions) },
    { details: { epoch, versions } },
  );
}

/**
 * Keeps the policy as it is until the end of this transaction, for all but this transaction.
 * @returns its epoch
 * @throws POLICY_STALE when it is not at `baseEpoch`; its details tell the versions since then.
 */
export async function holdPolicy(em: EntityManager, baseEpoch: number | null): Promise<number> {
  await lockPolicy(em);
  const epoch = await holdPolicyEpoch(em);
  const stale = await findStale(em, baseEpoch, epoch);
  if (stale) throw stale;
  return epoch;
}
