/** Nobody can take the last administrator away, whether by the policy, by a role or by a suspension. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { heldRoles } from '../../authz/heldRoles.ts';
import { Snapshot } from '../../authz/Snapshot.ts';
import { fail } from '../../errors.ts';
import { readPolicy } from './readPolicy.ts';
import { lockPolicy } from './sql/lockPolicy.ts';
import { readSystemRoleSets } from './sql/readSystemRoleSets.ts';

/**
 * All that whoever mends the system must be able to do; with one of these missing, something stays broken until
 * the operator comes: what the rules permit, back to how they were, who has which role everywhere, whoever was
 * suspended; and to see, as everyone signed in does, that they are in.
 */
const mending = [
  ['policies', 'apply'],
  ['policies', 'rollback'],
  ['roles', 'assign'],
  ['actors', 'unsuspend'],
  ['auth', 'me'],
] as const;

/** Whether an active person is an administrator under this policy: may do, alone, all that mends the system. */
export async function hasAdministrator(em: EntityManager, policy: Snapshot): Promise<boolean> {
  const sets = await readSystemRoleSets(em);
  return sets.some((given) => {
    const held = heldRoles({ isSignedIn: true, given, visibility: null });
    return mending.every(([object, action]) => policy.allows(held, object, action));
  });
}

/** The policy that counts now, to ask `hasAdministrator` about. */
export async function readPresentPolicy(em: EntityManager): Promise<Snapshot> {
  const { epoch, rules } = await readPolicy(em);
  return Snapshot.of(rules, epoch);
}

/**
 * Makes a change to who holds what, unless it takes the last administrator away.
 * @param change changes actors or their rules; it is flushed here.
 * @throws LAST_ADMIN
 */
export async function keepAnAdministrator<T>(em: EntityManager, change: () => Promise<T>): Promise<T> {
  await lockPolicy(em);
  const policy = await readPresentPolicy(em);
  const hadOne = await hasAdministrator(em, policy);
  const result = await change();
  await em.flush();
  if (hadOne && !(await hasAdministrator(em, policy))) fail('LAST_ADMIN');
  return result;
}
