import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { fail } from '../../errors.ts';
import { keepAnAdministrator } from '../policies/lockOut.ts';
import { checkSystemRoles } from './checkSystemRoles.ts';
import type { CheckRole } from './grantSystemRole.ts';

async function lockActor(em: EntityManager, id: string): Promise<Actor> {
  return (
    (await em.findOne(Actor, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ??
    fail('NOT_FOUND', { thing: 'actor' })
  );
}

/**
 * Stops an actor from acting, at once and everywhere: every decision reads `suspended_at`, so nothing is
 * revoked and all is as before when it is lifted. An organization's members lose what they had through it.
 * @param checkRole told of each role that they hold everywhere; throws to refuse
 * @throws NOT_FOUND, LAST_ADMIN
 */
export async function suspendActor(em: EntityManager, actorId: string, checkRole: CheckRole): Promise<Actor> {
  return keepAnAdministrator(em, async () => {
    const actor = await lockActor(em, actorId);
    await checkSystemRoles(em, actorId, checkRole);
    actor.suspendedAt ??= new Date();
    return actor;
  });
}

/** Lifts a suspension; who is not suspended stays as they are. @throws NOT_FOUND */
export async function unsuspendActor(em: EntityManager, actorId: string): Promise<Actor> {
  const actor = await lockActor(em, actorId);
  actor.suspendedAt = null;
  return actor;
}
